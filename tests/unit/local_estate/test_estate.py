import json
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import background, terraform
from scripts.local_estate import estate
from scripts.local_estate.deploy import deploy
from scripts.youtube_stand_in import process


def test_a_stack_that_does_not_exist_is_refused_before_anything_is_stopped(
    tmp_path: Path,
) -> None:
    (tmp_path / "estate.json").write_text("{}")
    with pytest.raises(terraform.TerraformError, match=r"no stack nope\. There are: .*sync-batch"):
        deploy("nope", tmp_path)
    assert (tmp_path / "estate.json").exists()


def test_an_estate_whose_servers_were_killed_is_not_running(tmp_path: Path) -> None:
    (tmp_path / "estate.json").write_text(json.dumps({"port": 1, "password": "x"}))
    for server in ("aws", "youtube"):
        dead = {"endpoint": "http://127.0.0.1:9", "pid": 1}
        (tmp_path / f"{server}.json").write_text(json.dumps(dead))
    assert estate.running(tmp_path) is None


def test_no_estate_is_not_running(tmp_path: Path) -> None:
    assert estate.running(tmp_path) is None


def test_when_a_server_does_not_start_the_others_are_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "MODULE", "scripts.no_such_module")
    with pytest.raises(background.NotStartedError, match="no_such_module"):
        estate.start(tmp_path)
    assert not (tmp_path / "aws.json").exists()
    assert not (tmp_path / "postgres" / "postmaster.pid").exists()


def test_a_server_that_is_gone_is_no_error_to_stop(tmp_path: Path) -> None:
    ready = tmp_path / "gone.json"
    ready.write_text(json.dumps({"pid": 2**22 - 1}))
    background.stop(ready)
    assert not ready.exists()


def test_a_process_that_is_not_the_server_is_left_alone(tmp_path: Path) -> None:
    ready = tmp_path / "other.json"
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        ready.write_text(json.dumps({"pid": other.pid}))
        background.stop(ready)
        assert other.poll() is None
        other.kill()

"""`python -m scripts.sync_batch`: settings, what is shown, exit codes, and Ctrl-C."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from scripts.environments import Environment
from scripts.local_aws import LocalAws
from scripts.local_estate import postgres as server
from scripts.local_estate.estate import Estate
from scripts.sync_batch import local
from scripts.youtube_stand_in import YouTube as StandIn
from scripts.youtube_stand_in import process, uniform
from sync_batch import postgres, settings
from tests.conftest import Database
from tests.unit.sync_batch.conftest import listed

REPOSITORY = Path(__file__).parents[3]
MANY = uniform(40, 300)
MODULE = ("-m", "scripts.sync_batch")


class Command:
    """Runs the command in an empty folder, with nothing but these variables."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        self.folder = folder
        self.environ = environ

    def start(
        self, env: str = "dev", *, program: Sequence[str] = MODULE, **changes: str
    ) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *program, "--env", env],
            cwd=self.folder,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(REPOSITORY),
                "COLUMNS": "200",
                **self.environ,
                **changes,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(
        self, env: str = "dev", *, program: Sequence[str] = MODULE, **changes: str
    ) -> tuple[int, str]:
        """The exit code, and all it said."""
        process = self.start(env, program=program, **changes)
        out, err = process.communicate(timeout=60)
        return process.returncode, out + err


@pytest.fixture
def command(environ: dict[str, str], tmp_path: Path) -> Command:
    del environ["ENVIRONMENT"]
    folder = tmp_path / "here"
    folder.mkdir()
    return Command(folder, environ)


def test_a_complete_run_shows_what_it_did(command: Command, database: Database) -> None:
    code, said = command.run()
    assert code == 0
    assert "complete: 8 of 9 channels" in said
    assert re.search(r"rows in video_statistics\W+760", said)
    assert database.query("SELECT trigger, outcome FROM sync_runs") == [("operator", "complete")]


def test_settings_come_from_the_file_of_the_environment(command: Command) -> None:
    lines = [f"{name}='{value}'" for name, value in command.environ.items()]
    (command.folder / ".env.prd").write_text("\n".join(lines).replace("\\", "\\\\"))
    command.environ = {}
    assert command.run("prd")[0] == 0
    code, said = command.run("dev")
    assert code == 2
    assert "in .env.dev (copy .env.example) or the environment" in " ".join(said.split())


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"DB_HOST": ""}, "bad settings: DB_HOST is not set"),
        ({"YOUTUBE_CHANNELS": "neko"}, "entry 1: 'neko'"),
        ({"ENV_FILE": "gone"}, "ENV_FILE is 'gone': no such file"),
    ],
)
def test_bad_settings_end_with_2(
    command: Command, database: Database, changes: dict[str, str], complaint: str
) -> None:
    code, said = command.run(**changes)
    assert (code, "Traceback" in said) == (2, False)
    assert complaint in said
    assert database.query("SELECT to_regclass('sync_runs')") == [(None,)]


def test_a_secret_in_the_wrong_place_is_not_told(command: Command) -> None:
    code, said = command.run(LOG_LEVEL=command.environ["DB_PASSWORD"])
    assert code == 2
    assert "LOG_LEVEL is '***'" in said


def test_an_unknown_environment_ends_with_2(command: Command) -> None:
    code, said = command.run("stage")
    assert code == 2
    assert "'local', 'dev'" in said


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"DB_PORT": "9"}, "can't be reached"),
        ({"DB_PASSWORD": "wrong one"}, "check DB_USERNAME and DB_PASSWORD"),
        ({"YOUTUBE_API_KEY": "AIzaWrong"}, "YOUTUBE_API_KEY is refused"),
        ({"CSV_FOLDER": "/proc/nowhere"}, "Give a folder this user may write to"),
    ],
)
def test_a_failure_ends_with_1_and_the_remedy(
    command: Command, changes: dict[str, str], complaint: str
) -> None:
    code, said = command.run(**changes)
    assert (code, "Traceback" in said) == (1, False)
    assert complaint in said
    assert "AIzaWrong" not in said
    assert "wrong one" not in said


SURPRISE = """
import os, runpy, sys
import scripts.sync_batch, sync_batch.lookup

def find(*_):
    raise ValueError(os.environ["YOUTUBE_API_KEY"])

sync_batch.lookup.find = find
runpy.run_module("scripts.sync_batch.__main__", run_name="__main__")
"""


def test_a_surprise_ends_with_1_and_a_traceback_without_secrets(command: Command) -> None:
    code, said = command.run(program=["-c", SURPRISE])
    assert code == 1
    assert "Traceback" in said
    assert "ValueError: ***" in said
    assert command.environ["YOUTUBE_API_KEY"] not in said


def test_a_run_that_leaves_channels_waiting_ends_with_3_and_says_how_to_go_on(
    command: Command,
) -> None:
    code, said = command.run(YOUTUBE_QUOTA_BUDGET="20")
    assert code == 3
    assert "partial: " in said
    assert "To resume: make sync-dev" in said


def test_another_run_at_work_is_no_failure(command: Command) -> None:
    other = postgres.connect(settings.load({**command.environ, "ENVIRONMENT": "dev"}))
    assert postgres.take_lock(other)
    code, said = command.run()
    other.close()
    assert code == 0
    assert "busy: another run is at work" in said


@pytest.mark.parametrize(("presses", "sign"), [(1, "Stopping: "), (2, "Stopping now: ")])
def test_ctrl_c_stops_between_channels_and_twice_at_once(
    command: Command, youtube: StandIn, database: Database, presses: int, sign: str
) -> None:
    youtube.change(world=MANY, latency=0.1)
    process = command.start(YOUTUBE_CHANNELS=listed(MANY), YOUTUBE_WORKERS="4")
    while youtube.counters()["requests"].get("videos", 0) < 3:
        time.sleep(0.02)
    for _ in range(presses):
        process.send_signal(signal.SIGINT)
        time.sleep(0.1)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 3, err
    assert sign in out + err
    assert "wait: the run was stopped" in out + err
    ((channels,),) = database.query("SELECT count(*) FROM channels")
    assert isinstance(channels, int)
    assert (channels > 0) == (presses == 1)
    assert channels < 40
    assert database.query("SELECT count(*) FROM videos") == [(300 * channels,)]


def test_locally_it_needs_nothing_it_starts_what_it_lacks_and_stops_it(tmp_path: Path) -> None:
    code, said = Command(tmp_path, {"HOME": str(tmp_path)}).run("local")
    assert code == 0, said
    assert "starting PostgreSQL and YouTube for this run" in said
    assert "complete: 8 of 9 channels" in said
    assert not (tmp_path / ".local" / "up" / "estate.json").exists()


@pytest.fixture
def lent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Estate:
    """An estate that lends, and a working directory for settings files."""
    monkeypatch.chdir(tmp_path)
    said = {"endpoint": "http://127.0.0.1:2", "pid": 2}
    (tmp_path / process.READY_FILE).write_text(json.dumps(said))
    return Estate(
        tmp_path,
        LocalAws("http://127.0.0.1:1", 1, tmp_path),
        server.Postgres(tmp_path, 3, "made"),
    )


def test_locally_what_is_not_set_is_lent_by_the_estate(lent: Estate) -> None:
    found = settings.load(local.variables({"DB_NAME": "mine"}, Environment.LOCAL, lent))
    assert (found.environment, found.db_name, found.db_password) == ("local", "mine", "made")
    assert found.youtube_endpoint == "http://127.0.0.1:2"


def test_a_key_of_ones_own_goes_to_the_real_youtube(lent: Estate) -> None:
    Path(".env.local").write_text("YOUTUBE_API_KEY=AIzaMine\nYOUTUBE_CHANNELS=@neko\n")
    found = settings.load(local.variables({}, Environment.LOCAL, lent), Path(".env.local"))
    assert (found.youtube_api_key, found.youtube_endpoint) == ("AIzaMine", None)
    assert found.youtube_channels == ("@neko",)
    assert found.db_password == "made"


def test_other_environments_take_nothing_from_the_estate() -> None:
    with local.lender({}, Environment.PRD, print) as running:
        assert running is None
    assert local.variables({}, Environment.PRD, running) == {"ENVIRONMENT": "prd"}

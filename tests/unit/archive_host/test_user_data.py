"""What a new machine is told, as Terraform renders it: understood by cloud-init, bash, systemd."""

from __future__ import annotations

import base64
import gzip
import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.setup import providers
from scripts.setup import terraform as program
from tests.unit.archive_host.host import MODULE, PROGRAMS, UNITS, tool

LIMIT = 16_384
"""Most bytes of user data, before base64. Source:
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html"""


@pytest.fixture(scope="module")
def user_data(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The user data that Terraform gives to the instance, in one of the module's own tests."""
    env = {
        **providers.environment(os.environ),
        "TF_DATA_DIR": str(tmp_path_factory.mktemp("terraform")),
        "TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE": "1",
    }
    terraform = [str(program.require()), f"-chdir={MODULE}"]
    subprocess.run(
        [*terraform, "init", "-backend=false", "-input=false"],
        env=env, check=True, capture_output=True,
    )  # fmt: skip
    tested = subprocess.run(
        [*terraform, "test", "-filter=tests/cloud_init.tftest.hcl", "-verbose", "-json"],
        env=env, check=True, capture_output=True, text=True,
    )  # fmt: skip
    messages = [json.loads(line) for line in tested.stdout.splitlines()]
    state = next(message["test_state"] for message in messages if "test_state" in message)
    (instance,) = [
        resource["values"]
        for resource in state["root_module"]["resources"]
        if resource["address"] == "aws_instance.this"
    ]
    return base64.b64decode(instance["user_data_base64"])


@pytest.fixture(scope="module")
def cloud_config(user_data: bytes) -> str:
    return gzip.decompress(user_data).decode()


@pytest.fixture(scope="module")
def configured(cloud_config: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(cloud_config)
    return found


def test_user_data_fit_into_what_ec2_takes(user_data: bytes) -> None:
    assert len(user_data) <= LIMIT


def test_cloud_init_understands_it(cloud_config: str, tmp_path: Path) -> None:
    cloud_init = tool("cloud-init")
    if cloud_init is None:
        pytest.skip("cloud-init is not installed here: neither in PATH nor in .tools/bin")
    path = tmp_path / "user-data.yaml"
    path.write_text(cloud_config)

    checked = subprocess.run(
        [cloud_init, "schema", "--config-file", path], check=False, capture_output=True, text=True
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "deprecat" not in (checked.stdout + checked.stderr).lower()


def test_every_file_arrives_as_it_is(configured: dict[str, Any]) -> None:
    written = {entry["path"]: entry for entry in configured["write_files"]}

    for path in PROGRAMS.iterdir():
        entry = written.pop(f"/usr/local/sbin/{path.name}")
        assert (entry["content"], entry["permissions"]) == (path.read_text(), "0755")
    for path in UNITS.iterdir():
        entry = written.pop(f"/etc/systemd/system/{path.name}")
        assert (entry["content"], entry["permissions"]) == (path.read_text(), "0644")
    assert list(written) == ["/etc/batchworks/host.env"]


def test_a_machine_is_told_where_to_look(configured: dict[str, Any]) -> None:
    (host,) = [
        entry["content"]
        for entry in configured["write_files"]
        if entry["path"] == "/etc/batchworks/host.env"
    ]

    assert host.splitlines() == [
        "ARCHIVE_CONFIGURATION='/batchworks/keeper/configuration'",
        "ARCHIVE_DATA_DEVICE='/dev/disk/by-id/"
        "nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0'",
        "ARCHIVE_HOST='keeper'",
        "AWS_DEFAULT_REGION='ap-northeast-1'",
    ]
    assert configured["runcmd"] == [["/usr/local/sbin/archive-host-setup"]]


def test_no_secret_is_told(cloud_config: str) -> None:
    assert "secret:" not in cloud_config
    assert "key_name" not in "".join(path.read_text() for path in MODULE.glob("*.tf")).replace(
        "No key_name", ""
    )
    assert not re.search(r"ssh_authorized_keys|ssh_import_id|chpasswd", cloud_config)


@pytest.mark.parametrize("path", sorted(PROGRAMS.iterdir()), ids=lambda path: path.name)
def test_programs_are_clean(path: Path) -> None:
    subprocess.run(["bash", "-n", path], check=True)
    text = path.read_text()
    assert text.startswith("#!/bin/bash\n")
    assert "\nset -euo pipefail\n" in text
    assert os.access(path, os.X_OK)
    shellcheck = tool("shellcheck")
    if shellcheck is None:
        pytest.skip("bash takes it; shellcheck is not installed here, in PATH or .tools/bin")
    checked = subprocess.run(
        [shellcheck, path], cwd=path.parent, check=False, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout


def test_units_call_what_there_is() -> None:
    called = {
        line.partition("=")[2].split()[0]
        for path in UNITS.glob("*.service")
        for line in path.read_text().splitlines()
        if line.startswith("ExecStart=")
    }
    own = {f"/usr/local/sbin/{path.name}" for path in PROGRAMS.iterdir()}

    assert called <= {*own, "/usr/local/bin/archive"}
    for timer in UNITS.glob("*.timer"):
        assert timer.with_suffix(".service").is_file()


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    analyze = tool("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed here")
    for path in UNITS.iterdir():
        text = re.sub(r"/usr/local/s?bin/archive[\w-]*", "/bin/true", path.read_text())
        (tmp_path / path.name).write_text(text)

    checked = subprocess.run(
        [analyze, "verify", "--man=no", *sorted(tmp_path.iterdir())],
        check=False, capture_output=True, text=True,
    )  # fmt: skip

    own = [line for line in checked.stderr.splitlines() if "archive-" in line]
    assert own == []


def test_the_page_is_locked_in() -> None:
    page = (UNITS / "archive-page.service").read_text()

    for promise in (
        "User=archive-page",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "Restart=always",
        "IPAddressDeny=169.254.169.254",
    ):
        assert f"\n{promise}\n" in page
    assert "DB_USERNAME=archive_reader" in page

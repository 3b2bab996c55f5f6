"""The entry point as a container's process 1: real mount(8), real signals, folders for EFS."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import boto3
import psutil
import pytest
from moto.server import ThreadedMotoServer
from mypy_boto3_ssm import SSMClient

from scripts.local_estate import mount_namespace

PARAMETER = "/app/efs/mount-targets"
ROOT = Path(__file__).parents[3]
REFUSED = mount_namespace.refusal()

needs_namespace = pytest.mark.skipif(
    bool(REFUSED), reason=f"this machine allows no mounts in a namespace: {REFUSED}"
)


@dataclass
class Container:
    """Where an entry point runs, and what it is told."""

    home: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def mounts(self) -> Path:
        return self.home / "mnt"

    def target(self, address: str, program: str = "") -> None:
        """A mount target of the one file system; or what its mount helper does instead."""
        place = self.home / "targets" / address
        if program:
            place.write_text(f"#!/bin/sh\n{program}\n")
            place.chmod(0o755)
        else:
            place.symlink_to(self.home / "fs")

    def command(self, *application: str, before: str = "") -> list[str]:
        program = [sys.executable, "-m", "scripts.efs_mounts", "--", *application]
        if before:
            program = ["/bin/sh", "-c", f'{before} && exec "$@"', "sh", *program]
        return mount_namespace.command(program, self.home / "targets", self.home / "bin")

    def run(self, *application: str, before: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*application, before=before),
            env=self.environment(), cwd=ROOT, check=False, capture_output=True, text=True,
        )  # fmt: skip

    def environment(self) -> Mapping[str, str]:
        given = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
        return {**given, **self.settings}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def ssm(endpoint: str) -> SSMClient:
    return boto3.client(
        "ssm", endpoint_url=endpoint, region_name="ap-northeast-1",
        aws_access_key_id="test", aws_secret_access_key="test",
    )  # fmt: skip


@pytest.fixture
def container(tmp_path: Path, endpoint: str) -> Container:
    for folder in ("fs", "targets", "bin", "mnt"):
        (tmp_path / folder).mkdir()
    settings = {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_DEFAULT_REGION": "ap-northeast-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "EFS_FILE_SYSTEM_ID": "fs-1",
        "EFS_ACCESS_POINT_ID": "fsap-1",
        "EFS_MOUNT_ROOT": str(tmp_path / "mnt"),
        "SSM_PARAMETER_NAME": PARAMETER,
    }
    return Container(tmp_path, settings)


def entries(*addresses: str) -> list[dict[str, str]]:
    return [
        {"mount_target_id": f"fsmt-{number}", "ip_address": address, "subnet_id": "subnet-1",
         "availability_zone": "ap-northeast-1a"}
        for number, address in enumerate(addresses)
    ]  # fmt: skip


def keep(ssm: SSMClient, *addresses: str) -> None:
    put(ssm, json.dumps({"mount_targets": entries(*addresses)}))


def put(ssm: SSMClient, value: str) -> None:
    ssm.put_parameter(Name=PARAMETER, Value=value, Type="String", Overwrite=True)


def messages(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [json.loads(line)["message"] for line in done.stderr.splitlines()]


@needs_namespace
def test_every_target_is_mounted_and_the_application_told_in_the_list_s_order(
    container: Container, ssm: SSMClient
) -> None:
    keep(ssm, "10.0.1.10", "10.0.2.10")
    container.target("10.0.1.10")
    container.target("10.0.2.10")
    done = container.run(
        "sh", "-c", 'echo "$EFS_MOUNTS"; echo hello > "${EFS_MOUNTS%%:*}/file"; exit 3'
    )
    assert done.returncode == 3
    assert done.stdout.strip() == f"{container.mounts}/efs-0:{container.mounts}/efs-1"
    assert (container.home / "fs" / "file").read_text() == "hello\n"
    told = messages(done)
    for number in (0, 1):
        line = f"mounted 10.0.{number + 1}.10 (ap-northeast-1a) at {container.mounts}/efs-{number}"
        assert any(message.startswith(line) for message in told)
    assert not any(container.mounts.glob("*/file"))  # the mounts ended with the namespace


@needs_namespace
def test_the_helper_of_efs_is_given_tls_iam_address_access_point_and_region(
    container: Container, ssm: SSMClient
) -> None:
    keep(ssm, "10.0.1.10")
    container.target("10.0.1.10", program=f'echo "$@" > {container.home}/asked')
    assert container.run("true").returncode == 0
    asked = (container.home / "asked").read_text().split()
    assert asked[:2] == ["fs-1:/", f"{container.mounts}/efs-0"]
    options = set(asked[-1].split(","))
    assert options >= {"tls", "iam", "mounttargetip=10.0.1.10"}
    assert options >= {"accesspoint=fsap-1", "region=ap-northeast-1"}


@needs_namespace
def test_a_target_that_can_t_be_mounted_is_skipped_and_told_with_its_reason(
    container: Container, ssm: SSMClient
) -> None:
    keep(ssm, "10.0.1.10", "10.0.2.10", "10.0.3.10")
    container.target("10.0.1.10")
    container.target("10.0.3.10")
    done = container.run("sh", "-c", 'echo "$EFS_MOUNTS"')
    assert done.returncode == 0
    assert done.stdout.strip() == f"{container.mounts}/efs-0:{container.mounts}/efs-2"
    skipped = next(message for message in messages(done) if message.startswith("skipped"))
    assert "mount target 10.0.2.10" in skipped
    assert "no mount target at 10.0.2.10 (exit code 32)" in skipped


@needs_namespace
def test_without_any_mount_the_application_is_not_started(
    container: Container, ssm: SSMClient
) -> None:
    keep(ssm, "10.0.1.10", "10.0.2.10")
    done = container.run("echo", "started")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "no mount works, so that echo is not started" in messages(done)[-1]


@needs_namespace
def test_a_mount_that_hangs_is_given_up_in_time_with_all_that_it_started(
    container: Container, ssm: SSMClient
) -> None:
    keep(ssm, "10.0.1.10", "10.0.2.10")
    container.target("10.0.1.10", program="sleep 600 & sleep 600")
    container.target("10.0.2.10")
    container.settings["EFS_MOUNT_SECONDS"] = "0.5"
    done = container.run("sh", "-c", 'echo "$EFS_MOUNTS"; sleep 0.2; ps -eo comm | grep -c sleep')
    assert done.stdout.split() == [f"{container.mounts}/efs-1", "0"]
    assert any("no answer within 0.5 s" in message for message in messages(done))


@needs_namespace
def test_a_tunnel_that_the_helper_leaves_behind_holds_up_nothing(
    container: Container, ssm: SSMClient
) -> None:
    keep(ssm, "10.0.1.10")
    bound = f'setsid sleep 600 & exec mount --bind {container.home}/fs "$2"'
    container.target("10.0.1.10", program=bound)
    container.settings["EFS_MOUNT_SECONDS"] = "30"
    done = container.run("sh", "-c", "ps -eo comm | grep -c sleep")
    assert (done.returncode, done.stdout.strip()) == (0, "1")
    assert not any("no answer" in message for message in messages(done))


@needs_namespace
def test_what_is_mounted_already_is_not_mounted_again(container: Container, ssm: SSMClient) -> None:
    keep(ssm, "10.0.1.10")
    container.target("10.0.1.10", program="exit 1")
    place = container.mounts / "efs-0"
    place.mkdir()
    done = container.run("true", before=f"mount --bind {container.home}/fs {place}")
    assert done.returncode == 0
    assert f"{place} is mounted already" in messages(done)


@needs_namespace
def test_on_fargate_the_platform_s_mount_is_taken_and_none_is_made(container: Container) -> None:
    place = container.mounts / "efs-0"
    place.mkdir()
    container.settings = {"LAUNCH_TYPE": "FARGATE", "EFS_MOUNT_ROOT": str(container.mounts)}
    done = container.run(
        "sh", "-c", 'echo "$EFS_MOUNTS"', before=f"mount --bind {container.home}/fs {place}"
    )
    assert (done.returncode, done.stdout.strip()) == (0, str(place))


def test_on_fargate_without_the_platform_s_mount_nothing_starts(container: Container) -> None:
    program = [sys.executable, "-m", "scripts.efs_mounts", "--", "echo", "started"]
    env = {"LAUNCH_TYPE": "FARGATE", "EFS_MOUNT_ROOT": str(container.mounts)}
    done = subprocess.run(
        program, env={**os.environ, **env}, cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{container.mounts} has no mount point" in messages(done)[0]


@needs_namespace
@pytest.mark.parametrize("value", ["garbled {", '{"mount_targets": []}', "absent"])
def test_the_default_list_counts_while_the_list_can_t_be_read(
    container: Container, ssm: SSMClient, value: str
) -> None:
    put(ssm, value)
    if value == "absent":
        ssm.delete_parameter(Name=PARAMETER)
    container.target("10.0.9.10")
    container.settings["EFS_DEFAULT_TARGETS"] = json.dumps(entries("10.0.9.10"))
    done = container.run("sh", "-c", 'echo "$EFS_MOUNTS"')
    assert done.stdout.strip() == f"{container.mounts}/efs-0"
    assert "so EFS_DEFAULT_TARGETS count" in messages(done)[0]


@needs_namespace
def test_signals_reach_the_application_of_process_1(container: Container, ssm: SSMClient) -> None:
    keep(ssm, "10.0.1.10")
    container.target("10.0.1.10")
    script = 'trap "echo term; exit 9" TERM; echo ready; while :; do sleep 0.05; done'
    with started(container, "sh", "-c", script) as process:
        assert said(process) == "ready"
        first = psutil.Process(process.pid).children()[0]
        assert first.name().startswith("python")
        first.send_signal(signal.SIGTERM)
        assert said(process) == "term"
        assert process.wait(30) == 9


@needs_namespace
def test_process_1_ends_when_it_is_told_to_while_a_mount_hangs(
    container: Container, ssm: SSMClient
) -> None:
    keep(ssm, "10.0.1.10")
    container.target("10.0.1.10", program=f"touch {container.home}/begun; sleep 600")
    with started(container, "true") as process:
        while not (container.home / "begun").exists():
            time.sleep(0.01)
        psutil.Process(process.pid).children()[0].send_signal(signal.SIGTERM)
        assert process.wait(30) == 128 + signal.SIGTERM


@needs_namespace
def test_orphans_of_the_application_are_reaped(container: Container, ssm: SSMClient) -> None:
    keep(ssm, "10.0.1.10")
    container.target("10.0.1.10")
    orphans = "for n in 1 2 3 4 5; do (sleep 0.1 & exec true); done; sleep 0.5; sleep 0.5"
    count = "ps -eo stat | grep -c ^Z; echo $PPID"
    done = container.run("sh", "-c", f"{orphans}; {count}")
    assert done.stdout.split() == ["0", "1"]


@needs_namespace
def test_the_watchdog_of_efs_is_started_where_it_is_installed(
    container: Container, ssm: SSMClient
) -> None:
    keep(ssm, "10.0.1.10")
    container.target("10.0.1.10")
    watchdog = container.home / "bin" / "amazon-efs-mount-watchdog"
    watchdog.write_text("#!/bin/sh\nexec sleep 600\n")
    watchdog.chmod(0o755)
    container.settings["PATH"] = f"{container.home}/bin:{os.environ['PATH']}"
    done = container.run("sh", "-c", "ps -eo comm | grep -c sleep")
    assert done.stdout.strip() == "1"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"EFS_FILE_SYSTEM_ID": ""}, "EFS_FILE_SYSTEM_ID is not set"),
        ({"SSM_PARAMETER_NAME": " "}, "SSM_PARAMETER_NAME is not set"),
        ({"LAUNCH_TYPE": "EXTERNAL"}, "LAUNCH_TYPE is 'EXTERNAL': give EC2 or FARGATE"),
        ({"EFS_DEFAULT_TARGETS": "10.0.1.10"}, "EFS_DEFAULT_TARGETS can't be read"),
        ({"EFS_DEFAULT_TARGETS": '[{"ip_address": "1,exec"}]'}, "has no valid ip_address"),
        ({"EFS_MOUNT_SECONDS": "soon"}, "EFS_MOUNT_SECONDS is 'soon'"),
        ({"APP_USER": "no-such-user"}, "APP_USER is 'no-such-user'"),
        ({}, f"{PARAMETER} can't be read"),
    ],
)
def test_wrong_settings_are_named_before_anything_is_mounted(
    container: Container, ssm: SSMClient, settings: dict[str, str], message: str
) -> None:
    put(ssm, "garbled")
    program = [sys.executable, "-m", "scripts.efs_mounts", "--", "echo", "started"]
    done = subprocess.run(
        program, env={**container.environment(), **settings}, cwd=ROOT,
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert message in messages(done)[-1]


def test_an_application_must_be_named(container: Container) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scripts.efs_mounts", "--"], env=container.environment(),
        cwd=ROOT, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 2
    assert "no application is named" in messages(done)[0]


def started(container: Container, *application: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        container.command(*application),
        env=container.environment(), cwd=ROOT,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()

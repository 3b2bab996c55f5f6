"""efs-autoscaler on one machine: very many files, a third mount target, a task that uses all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from rich.table import Table

from scripts import runs
from scripts.efs_mounts.router import Router
from scripts.environments import Environment
from scripts.files import ROOT
from scripts.local_estate import mount_namespace
from scripts.local_estate.deploy import Deployed
from scripts.local_estate.estate import Estate
from scripts.local_estate.steps import console, step
from scripts.local_estate.systems.efs_autoscaler import files_of, fill

JOB = "efs-autoscaler"
FEW, MANY = 20_000, 120_000  # files; the threshold lies between
ROUTED = 100_000  # paths
BAR = 40  # columns
GARBLED = '{"mount_targets": "who knows"}'
NEXT = """What to try next
  make demo-efs-autoscaler        again, with a new file system
  make up STACK=efs-autoscaler    leave it running, then
  make trigger ENV=local JOB=efs-autoscaler WAIT=1
  make release-mount-targets ENV=local
  make test                       everything that is promised here, proven"""

# What the task's application does: it goes to each file by the mount that the router chooses.
APPLICATION = """
import json, os, sys
from scripts.efs_mounts.router import Router
router = Router.from_environment()
missing = sum(not os.path.exists(router.route(line.rstrip())) for line in sys.stdin)
print(json.dumps({"accesses": dict(zip(router.mounts, router.accesses)), "missing": missing}))
"""


@dataclass(frozen=True)
class Stage:
    """Where the demo plays: the estate, what is deployed, the folder that is counted."""

    estate: Estate
    outputs: Mapping[str, Any]
    files: Path

    def client(self, service: str) -> Any:
        return self.estate.aws.client(service)

    @property
    def parameter(self) -> str:
        return str(self.outputs["list_parameter"]["name"])

    def listed(self) -> list[dict[str, str]]:
        """What containers are told."""
        found = self.client("ssm").get_parameter(Name=self.parameter)["Parameter"]["Value"]
        entries: list[dict[str, str]] = json.loads(found)["mount_targets"]
        return entries


def demo(deployed: Deployed) -> bool:
    """Run below and above the threshold, with no zone left, with a broken list; use the mounts."""
    files = files_of(deployed.estate, deployed.outputs)
    stage = Stage(deployed.estate, deployed.outputs, files)
    return (
        _few_files(stage)
        and _many_files(stage)
        and _no_zone_left(stage)
        and _garbled_list(stage)
        and _use_the_mounts(stage)
    )


def _few_files(stage: Stage) -> bool:
    console.rule("below the threshold a run changes nothing")
    with step(f"put {FEW:,} files into the file system"):
        fill(stage.files, FEW)
    _show_list(stage, "What Terraform made")
    result = _run(stage)
    return result.get("file_count") == FEW and not result["deployment_triggered"]


def _many_files(stage: Stage) -> bool:
    console.rule("above it the file system gets a mount target in the next zone")
    with step(f"put {MANY:,} files into it"):
        fill(stage.files, MANY)
    result = _run(stage)
    _show_list(stage, "The list in SSM")
    _show_deployments(stage)
    created = result.get("new_mount_target_id")
    return (
        result.get("file_count") == MANY
        and result["deployment_triggered"]
        and [each["mount_target_id"] for each in stage.listed()][2:] == [created]
    )


def _no_zone_left(stage: Stage) -> bool:
    console.rule("EFS allows one in each zone: with no zone left there is a warning")
    result = _run(stage)
    return bool(result) and not result["new_mount_target_created"]


def _garbled_list(stage: Stage) -> bool:
    console.rule("somebody overwrites the list")
    right = stage.listed()
    with step("write nonsense in its place"):
        stage.client("ssm").put_parameter(Name=stage.parameter, Value=GARBLED, Overwrite=True)
    result = _run(stage)
    _show_list(stage, "The list, healed")
    return bool(result) and sorted(map(str, stage.listed())) == sorted(map(str, right))


def _use_the_mounts(stage: Stage) -> bool:
    console.rule("a task mounts every target and goes to each file by one of them")
    with step(f"list {ROUTED:,} of the files"):
        paths = [str(path.relative_to(stage.files)) for path in islice(_walk(stage), ROUTED)]
    root = stage.estate.home / "mnt"
    if refused := mount_namespace.refusal():
        console.print(f"[yellow]nothing is mounted, this machine refuses: {refused}[/yellow]")
        router = Router([str(root / f"efs-{number}") for number in range(len(stage.listed()))])
        for path in paths:
            router.route(path)
        _show_spread(dict(zip(router.mounts, router.accesses, strict=True)))
        return True
    with step("start the entry point in a mount namespace, as the task's role"):
        done = _task(stage, root, paths)
    for line in done.stderr.splitlines():
        console.print(f"    {json.loads(line)['message']}", markup=False, soft_wrap=True)
    if done.returncode:
        return False
    told = json.loads(done.stdout)
    _show_spread(told["accesses"])
    console.print(f"{len(paths):,} files looked up, {told['missing']} missing")
    return bool(told["missing"] == 0)


def _task(stage: Stage, root: Path, paths: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """What ECS would start: the task definition's settings, the task role's permissions."""
    service = stage.outputs["service"]
    definition = stage.client("ecs").describe_task_definition(taskDefinition=service["name"])
    [container] = definition["taskDefinition"]["containerDefinitions"]
    settings = {each["name"]: each["value"] for each in container["environment"]}
    keys = stage.estate.aws.environment_of(service["task_role"]["name"])
    entry_point = [
        sys.executable, "-m", "scripts.efs_mounts", "--", sys.executable, "-c", APPLICATION,
    ]  # fmt: skip
    return subprocess.run(
        mount_namespace.command(entry_point, _by_address(stage), _folder(stage, "bin")),
        env={**os.environ, **settings, **keys, "EFS_MOUNT_ROOT": str(root)},
        cwd=ROOT, input="\n".join(paths), capture_output=True, text=True, check=False,
    )  # fmt: skip


def _by_address(stage: Stage) -> Path:
    """A folder with the file system under the address of each mount target."""
    folder = _folder(stage, "targets")
    for target in stage.listed():
        link = folder / target["ip_address"]
        link.unlink(missing_ok=True)
        link.symlink_to(stage.files)
    return folder


def _folder(stage: Stage, name: str) -> Path:
    folder = stage.estate.home / name
    folder.mkdir(exist_ok=True)
    return folder


def _walk(stage: Stage) -> Any:
    return (path for path in stage.files.rglob("*") if not path.is_dir())


def _run(stage: Stage) -> dict[str, Any]:
    """Start a run by its event, show its log; its result, or nothing where it failed."""
    with step("send the manual event with put-events"):
        event_id = runs.send_manual_event(stage.client("events"), JOB, Environment.LOCAL)
    group = runs.log_group(JOB, Environment.LOCAL)
    with step("the run, as its log tells it"):
        for line in runs.follow(stage.client("logs"), group, event_id):
            console.print(f"    {line.readable()}", markup=False, soft_wrap=True)
    result: dict[str, Any] = line.fields.get("result", {})
    table = Table(title="Its result", title_justify="left", show_header=False)
    for name, value in result.items():
        table.add_row(name, f"{value:,}" if type(value) is int else str(value))
    console.print(table)
    return result


def _show_list(stage: Stage, title: str) -> None:
    table = Table(title=title, title_justify="left")
    names = ("mount_target_id", "availability_zone", "ip_address", "subnet_id")
    for name in names:
        table.add_column(name)
    for entry in stage.listed():
        table.add_row(*(entry[name] for name in names))
    console.print(table)


def _show_deployments(stage: Stage) -> None:
    service = stage.outputs["service"]
    [found] = stage.client("ecs").describe_services(
        cluster=service["cluster"], services=[service["name"]]
    )["services"]
    table = Table(title="Deployments of the service", title_justify="left")
    for name in ("status", "rolloutState", "createdAt", "desiredCount"):
        table.add_column(name)
    for each in found["deployments"]:
        began = f"{each['createdAt'].astimezone(runs.TOKYO):%m-%d %H:%M:%S}"
        table.add_row(each["status"], each["rolloutState"], began, str(each["desiredCount"]))
    console.print(table)


def _show_spread(accesses: Mapping[str, int]) -> None:
    table = Table(title="How the files spread over the mounts", title_justify="left")
    table.add_column("mount")
    table.add_column("files", justify="right")
    table.add_column("share", justify="right")
    table.add_column("")
    total, most = sum(accesses.values()), max(accesses.values())
    for mount, count in accesses.items():
        bar = "█" * round(BAR * count / most)
        table.add_row(Path(mount).name, f"{count:,}", f"{count / total:.1%}", bar)
    console.print(table)

"""archive on one machine: a Japanese file share into Deep Archive and back, by the real commands.

Every command runs with the permissions of the host's own role.
"""

from __future__ import annotations

import os
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.background import NotStartedError, free_port
from scripts.files import ROOT, sha256
from scripts.local_estate import browser, file_share, postgres
from scripts.local_estate.deploy import Deployed
from scripts.local_estate.estate import Estate
from scripts.local_estate.file_share import FileShare
from scripts.local_estate.steps import console, step
from scripts.local_estate.systems import archive as system

FILES = 2000
PAGE_SECONDS = 30
REQUESTER = "山田太郎"
NEXT = """What to try next
  make demo-archive            again, from an empty bucket
  make up STACK=archive        leave it running, then the commands it prints
  make install                 the command archive for this machine"""


@dataclass(frozen=True)
class Operator:
    """Who types the commands: where, and with which permissions.

    Attributes:
        folder: the working folder.
        environment: of each command.
    """

    folder: Path
    environment: dict[str, str]

    def types(self, *arguments: str, expect: int = 0) -> bool:
        """Run `archive …`, let its output be seen, tell whether it ended as expected."""
        console.print(f"\n[bold]$ archive {shlex.join(arguments)}[/bold]", soft_wrap=True)
        code = subprocess.run(
            [sys.executable, "-m", "scripts.archive", *arguments],
            cwd=self.folder,
            env=self.environment,
            check=False,
        ).returncode
        if code != expect:
            console.print(f"[red]exit code {code}, not {expect}[/red]")
        return code == expect


def demo(deployed: Deployed) -> bool:
    """Archive a share of 2,000 files, restore a part of it, look it up, reconcile, rebuild."""
    estate = deployed.estate
    with step(f"write a file share with {FILES:,} files"):
        share = _share(estate)
    operator = _operator(deployed)
    return (
        operator.types("init")
        and _archive(operator, share)
        and _restore(operator, estate, share)
        and _look_up(operator, estate)
        and _reconcile(operator, estate)
    )


def _share(estate: Estate) -> FileShare:
    for leftover in (system.share(estate), estate.home / "work", estate.home / "restored"):
        shutil.rmtree(leftover, ignore_errors=True)
    return file_share.generate(estate.home, files=FILES)


def _operator(deployed: Deployed) -> Operator:
    estate = deployed.estate
    folder = estate.home / "work"
    folder.mkdir()
    role = deployed.outputs["host"]["role"]["name"]
    roots = (ROOT, ROOT / "layers" / "batchworks")
    environment = {
        **os.environ,
        **estate.aws.environment_of(role),
        "ARCHIVE_SETTINGS": str(system.settings_file(estate)),
        "ARCHIVE_REPORT_FOLDER": ".",
        "PYTHONPATH": os.pathsep.join(map(str, roots)),
    }
    return Operator(folder, environment)


def _archive(operator: Operator, share: FileShare) -> bool:
    request = ("--requester", REQUESTER, "--yes")
    singles, departments = str(share.cp932_list), str(share.utf8_list)
    console.rule("a list saved by Excel (CP932), then one of bare paths (UTF-8)")
    first = operator.types("put", singles, "--request-id", "REQ-0001", *request)
    second = operator.types("put", departments, "--request-id", "REQ-0002", *request)
    console.rule("the same list again sends nothing")
    again = operator.types("put", departments, "--request-id", "REQ-0002", *request)
    return first and second and again


def _restore(operator: Operator, estate: Estate, share: FileShare) -> bool:
    console.rule("everything whose name says 見積書, and back")
    folder = estate.home / "restored"
    folder.mkdir()
    wanted = operator.folder / "restore.csv"
    if not (
        operator.types("find", "見積書", "--limit", "5", "--restore-list", wanted.name)
        and operator.types("restore", wanted.name, "--yes")
        and operator.types("collect", wanted.name, "--to", str(folder), expect=1)
    ):
        return False
    with step("48 hours pass in S3"):
        estate.aws.complete_restores()
    return operator.types("collect", wanted.name, "--to", str(folder)) and _same(folder, share)


def _same(folder: Path, share: FileShare) -> bool:
    """Whether what came back is what was archived, byte for byte."""
    archived = {sha256(file) for file in share.folder.rglob("見積書*") if _is_original(file)}
    restored = {sha256(file) for file in folder.iterdir()}
    console.print(f"{len(restored):,} files restored, {len(archived):,} expected, byte for byte")
    return restored == archived


def _is_original(file: Path) -> bool:
    return file.is_file() and not file.name.endswith("_archived.txt")


def _look_up(operator: Operator, estate: Estate) -> bool:
    console.rule("the page that requesters use")
    if missing := browser.missing():
        console.print(f"[yellow]no picture of it: {missing}[/yellow]")
        return True
    picture = estate.home / "page.png"
    with step("open the page in a browser and take its picture"), _page(operator, estate) as url:
        browser.picture(url, picture)
    console.print(f"the picture: {os.path.relpath(picture)}", soft_wrap=True)
    return True


@contextmanager
def _page(operator: Operator, estate: Estate) -> Iterator[str]:
    """The lookup page, served as the database role that may only read."""
    port = free_port()
    with (
        (estate.home / "page.log").open("wb") as log,
        subprocess.Popen(
            [sys.executable, "-m", "scripts.archive", "page", "--port", str(port),
             "--address", postgres.HOST],
            env=operator.environment | {"DB_USERNAME": system.READER},
            stdout=log,
            stderr=log,
        ) as process,
    ):  # fmt: skip
        try:
            _wait_for(port, process)
            yield f"http://{postgres.HOST}:{port}"
        finally:
            process.terminate()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PAGE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection((postgres.HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise NotStartedError("the page did not start: see page.log in the estate's folder")


def _reconcile(operator: Operator, estate: Estate) -> bool:
    console.rule("does the list tell the truth? And if it were lost?")
    if not operator.types("reconcile"):
        return False
    with step("lose the archive list"):
        _execute(estate, "DROP TABLE archive_list")
    return all(operator.types(command) for command in ("init", "rebuild", "reconcile"))


def _execute(estate: Estate, statement: str) -> None:
    with closing(estate.database.connect(system.DATABASE)) as session:
        session.autocommit = True
        session.cursor().execute(statement)

r"""`archive put` as an operator meets it: what it shows, what it leaves, how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts.archive.exits import Exit
from scripts.local_aws import LocalAws
from tests.conftest import Database
from tests.unit.archive.put.back import Back

UNC = r"\\fsx-server-name\share"
HEADER = "ディレクトリパス,ファイル名\n"
REPOSITORY = Path(__file__).parents[4]


@dataclass(frozen=True)
class Desk:
    """An operator at the host.

    Args:
        back: the share, the bucket and the archive list.
        home: where lists are and reports go.
        environ: what the command finds in its environment.
    """

    back: Back
    home: Path
    environ: Mapping[str, str]

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Begin a command."""
        return subprocess.Popen(
            [sys.executable, "-m", "scripts.archive", *map(str, arguments)],
            cwd=self.home,
            env=dict(self.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str | Path) -> tuple[int, str, str]:
        """Exit code, what it said, and what it complained about."""
        process = self.start(*arguments)
        said, complained = process.communicate(timeout=120)
        return process.returncode, said, complained

    def put(self, content: str, *options: str) -> tuple[int, str, str]:
        """Archive what a list with this content names."""
        return self.run("put", self.list(content), "--request-id", "REQ-1", "--yes", *options)

    def list(self, content: str) -> Path:
        """A list with this content."""
        path = self.home / "list.csv"
        path.write_text(content, "utf-8")
        return path

    def written(self, what: str) -> list[str]:
        """The lines of each file of this kind."""
        files = sorted(self.home.glob(f"{what}_2*"))
        return [line for file in files for line in file.read_text("utf-8").splitlines()]


@pytest.fixture
def desk(aws: LocalAws, back: Back, database: Database, tmp_path: Path) -> Iterator[Desk]:
    home = tmp_path / "home"
    home.mkdir()
    path = os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "layers/batchworks")])
    yield Desk(
        back,
        home,
        {
            **{name: value for name, value in os.environ.items() if name.startswith("AWS_")},
            **database.settings(),
            "DB_USERNAME": "postgres",
            "AWS_ENDPOINT_URL": aws.endpoint,
            "AWS_REGION": "ap-northeast-1",
            "ARCHIVE_BUCKET": back.tools.bucket,
            "ARCHIVE_SHARES": f"//fsx-server-name/share={back.mount}",
            "PATH": os.environ["PATH"],
            "PYTHONPATH": path,
            "PYTHONIOENCODING": "utf-8",
        },
    )


def test_a_request_is_checked_previewed_archived_and_summed_up(desk: Desk) -> None:
    for number in range(5):
        desk.back.write(f"d/{number}.txt")
    desk.back.write("single.txt", b"12345678")

    code, said, complained = desk.put(f"{HEADER}{UNC}\\d,\n{UNC},single.txt\n")

    assert (code, complained) == (Exit.DONE, "")
    assert "対象: 6 ファイル" in said
    assert "依頼 6 = アーカイブ 6 + 対象外 0 + 失敗 0" in said
    assert len(desk.back.rows()) == len(desk.back.versions()) == len(desk.back.markers()) == 6
    assert list(desk.home.iterdir()) == [desk.home / "list.csv"]

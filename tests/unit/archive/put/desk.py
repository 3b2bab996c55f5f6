"""An operator who types `archive put`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts.archive.__main__ import main
from tests.unit.archive.put.back import Back

UNC = r"\\fsx-server-name\share"


@dataclass(frozen=True)
class Said:
    """How a command ended, what it said and what it complained about."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Desk:
    """An operator at the host.

    Args:
        back: the share, the bucket and the archive list.
        home: where lists are and reports go.
        environ: what commands find in their environment.
    """

    back: Back
    home: Path
    environ: Mapping[str, str]
    patch: pytest.MonkeyPatch
    capture: pytest.CaptureFixture[str]

    def run(self, *arguments: str | Path) -> Said:
        """Type a command, where nobody can answer a question."""
        self.patch.setattr(sys, "argv", ["archive", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        read = self.capture.readouterr()
        return Said(int(ended.value.code or 0), read.out, read.err)

    def put(self, content: str, *options: str) -> Said:
        """Archive what a list with this content names."""
        return self.run("put", self.listed(content), "--request-id", "REQ-1", "--yes", *options)

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Begin a command in a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "scripts.archive", *map(str, arguments)],
            env=dict(self.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def listed(self, content: str) -> Path:
        """A list with this content."""
        path = self.home / "list.csv"
        path.write_text(content, "utf-8")
        return path

    def files(self, what: str) -> list[Path]:
        """The files of this kind that runs left, oldest first."""
        return sorted((self.home / "reports").glob(f"{what}_2*"), key=lambda f: f.stat().st_mtime)

    def lines(self, what: str) -> list[str]:
        """All their lines."""
        return [line for f in self.files(what) for line in f.read_text("utf-8").splitlines()]

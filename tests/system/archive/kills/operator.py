"""An operator who archives a whole share, and looks at what came of it."""

from __future__ import annotations

import os
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from scripts.archive import archive_list, checksum
from tests.unit.archive import processes
from tests.unit.archive.processes import Moment
from tests.unit.archive.put.back import REGION, SHARE, SUFFIX, Back


@dataclass(frozen=True)
class Operator:
    """Somebody who archives the whole share.

    Args:
        folder: where lists are and reports go.
    """

    back: Back
    folder: Path

    @property
    def log(self) -> Path:
        """What the commands said."""
        return self.folder / "said.txt"

    def said(self) -> str:
        """The end of it."""
        return self.log.read_text("utf-8")[-2000:]

    def start(
        self, moment: Moment | None = None, *, options: tuple[str, ...] = (), **environ: str
    ) -> ForkServerProcess:
        """Begin the command."""
        listed = self.folder / "list.txt"
        listed.write_text("\\\\" + SHARE.replace("/", "\\") + "\n", "utf-8")
        arguments = ["put", str(listed), "--request-id", "REQ-1", "--yes", *options]
        return processes.start(arguments, self._environ() | environ, self.log, moment)

    def put(self, moment: Moment | None = None, *, options: tuple[str, ...] = ()) -> int | None:
        """Run the command to its end; its exit code, negative where a signal ended it."""
        process = self.start(moment, options=options)
        process.join()
        return process.exitcode

    def assert_archived_once(self, files: int, versions: int = 1) -> None:
        """Every file: so many versions, a row for each, S3 and the row agree, one marker."""
        found = self.back.versions()
        assert Counter(Counter(key for key, _ in found).values()) == {versions: files}
        assert sorted(row[:2] for row in self.back.rows()) == found
        assert {row[2] for row in self.back.rows()} == {
            f"{key.rpartition('/')[2]}{SUFFIX}" for key, _ in found
        }
        assert len(self.back.markers()) == files
        self._assert_newest_is_what_is_on_disk()

    def _assert_newest_is_what_is_on_disk(self) -> None:
        tools = self.back.tools
        with closing(tools.connect()) as connection:
            keys = [str(key) for key, *_ in self.back.rows()]
            for entry in archive_list.newest(connection, tools.bucket, keys).values():
                path = self.back.mount / entry.key.removeprefix(f"{SHARE}/")
                if entry.part_size is None:
                    assert checksum.of_body(sha256(path.read_bytes()).digest()) == entry.sha256
                assert path.stat().st_size == entry.size

    def _environ(self) -> dict[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if name.startswith("AWS_")},
            **self.back.database.settings(),
            "DB_USERNAME": "postgres",
            "AWS_REGION": REGION,
            "ARCHIVE_BUCKET": self.back.tools.bucket,
            "ARCHIVE_SHARES": f"//{SHARE}={self.back.mount}",
            "ARCHIVE_REPORT_FOLDER": str(self.folder / "reports"),
            "PATH": os.environ["PATH"],
        }

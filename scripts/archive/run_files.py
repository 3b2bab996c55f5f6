"""The files a run leaves for people: lists of paths that are valid input again, the error log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from scripts.archive import clock

ERROR_LOG = "error_log"


class RunFiles:
    """The files of one run. Each is created when its first line comes, and never appended to.

    A file is named `<what>_<YYYYMMDD-HHMMSS>.<ext>`, by the time in Tokyo at which the run began;
    a second run in the same second gets `-2`. Every line reaches the disk as it is written, so a
    run that is killed leaves what it knew.

    Args:
        folder: where the files go; it is made when it is missing.
        now: when the run began.
    """

    def __init__(self, folder: Path, now: datetime) -> None:
        self.folder = folder
        self.stamp = now.astimezone(clock.TOKYO).strftime("%Y%m%d-%H%M%S")
        self.written: dict[str, Path] = {}
        self._streams: dict[str, IO[str]] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def path(self, what: str, written: str) -> None:
        """Add one path to the list `<what>_….txt`."""
        self._line(what, written)

    def error(self, path: str, stage: str, code: str, message: str) -> None:
        """Add a line to the error log.

        Args:
            path: what failed, as people know it.
            stage: what was being done: check, upload, record, marker, restore, download, …
            code: AWS's error code, or the name of the system's error.
            message: what happened and what to do.
        """
        fields = (clock.now_for_logs(), path, stage, code, message)
        self._line(ERROR_LOG, "\t".join(map(_one_line, fields)))

    def create(self, what: str, extension: str) -> Path:
        """Create an empty file of this run for a report, and return where it is."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in self._candidates(what, extension):
            try:
                path.touch(exist_ok=False)
            except FileExistsError:
                continue
            self.written[what] = path
            return path
        raise AssertionError("there is always a next name")

    def _line(self, what: str, line: str) -> None:
        stream = self._streams.get(what)
        if stream is None:
            path = self.create(what, "txt")
            stream = self._stack.enter_context(
                path.open("w", encoding="utf-8", errors="backslashreplace", buffering=1)
            )
            self._streams[what] = stream
        stream.write(line + "\n")

    def _candidates(self, what: str, extension: str) -> Iterator[Path]:
        yield self.folder / f"{what}_{self.stamp}.{extension}"
        for number in count(2):
            yield self.folder / f"{what}_{self.stamp}-{number}.{extension}"


def _one_line(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ").replace("\t", " ")

"""What should become of the files of a share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["indexed", "skipped", "failed", "excluded"]


@dataclass(frozen=True)
class Expected:
    """A file and what a batch should make of it.

    Args:
        path: relative to the share, with `/`.
        kind: document, image or other; as `nas_sync.records.kind_of` classes it.
        status: excluded files are never transferred.
        reason: code, where it is skipped or failed.
        words: what a search finds it by: `words[0]` is in its name, all are in its text if it is
            an indexed document.
        scene: images with the same number show nearly the same.
    """

    path: str
    kind: str
    status: Status
    reason: str | None = None
    words: tuple[str, ...] = ()
    scene: int | None = None


@dataclass(frozen=True)
class Month:
    """What happened in a share within a month.

    Args:
        files: all that are there now.
        new: paths.
        changed: paths.
        moved: paths by the path they had.
        deleted: paths they had.
    """

    files: list[Expected]
    new: list[str]
    changed: list[str]
    moved: dict[str, str]
    deleted: list[str]

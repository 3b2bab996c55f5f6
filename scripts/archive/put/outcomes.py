"""What became of an original."""

from __future__ import annotations

from dataclasses import dataclass

from scripts.archive.archive_list import Entry
from scripts.archive.put.originals import Original


@dataclass(frozen=True, slots=True)
class Archived:
    """It is in S3, verified, and its row is committed.

    Args:
        adopted: the object was there already, from a run that ended before its row was written,
            or from another operator with the same list.
        marker_problem: why the marker could not be written; None where it could, or where its name
            is taken by a file of the requester's.
    """

    original: Original
    entry: Entry
    adopted: bool
    marker_problem: str | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """It is not archived; the original is untouched.

    Args:
        stage: what was being done: upload or record.
        code: AWS's error code, or the name of the system's error.
        message: what happened and what to do.
    """

    original: Original
    stage: str
    code: str
    message: str

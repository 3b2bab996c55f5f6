"""What put works on: the files to archive, and what is recorded with each of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Original:
    """A file to archive, as the check saw it.

    Args:
        key: `server/share/…`, spelled exactly as on disk.
        size: bytes.
        modified: when it was last changed, nanoseconds since 1970 in UTC.
    """

    key: str
    size: int
    modified: int


@dataclass(frozen=True)
class Request:
    """Whom the files are archived for; it is recorded with each of them."""

    request_id: str
    requester: str | None = None
    comment: str | None = None

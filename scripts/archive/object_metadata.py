"""What each object carries, so that the archive list can be rebuilt from the bucket alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote

LIMIT = 2048
"""Most bytes of an object's own metadata, names and values together.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
"""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Carried:
    """What a row of the archive list has that S3 itself doesn't keep.

    Args:
        archived_at: when, in UTC.
        modified: when the original was last changed before; microseconds count.
        part_size: bytes of each part but the last; None where it was sent whole.
    """

    archived_at: datetime
    request_id: str
    requester: str | None
    comment: str | None
    modified: datetime
    part_size: int | None = None


def moment(nanoseconds: int) -> datetime:
    """A file's time as the archive list keeps it: in UTC, to the microsecond."""
    return _EPOCH + timedelta(microseconds=nanoseconds // 1000)


def describe(carried: Carried) -> dict[str, str]:
    """The metadata of an object: names and values in US-ASCII, together at most `LIMIT` bytes."""
    return encode(
        {
            "archived-at": carried.archived_at.isoformat(),
            "request-id": carried.request_id,
            "requester": carried.requester,
            "comment": carried.comment,
            "modified": carried.modified.isoformat(),
            "part-size": None if carried.part_size is None else str(carried.part_size),
        }
    )


def read(metadata: Mapping[str, str]) -> Carried | None:
    """What `describe` was given; None where the object is not from `archive put`."""
    values = decode(metadata)
    try:
        return Carried(
            archived_at=datetime.fromisoformat(values["archived-at"]).astimezone(UTC),
            request_id=values["request-id"],
            requester=values.get("requester"),
            comment=values.get("comment"),
            modified=datetime.fromisoformat(values["modified"]).astimezone(UTC),
            part_size=int(values["part-size"]) if "part-size" in values else None,
        )
    except (KeyError, ValueError):
        return None


def encode(values: Mapping[str, str | None]) -> dict[str, str]:
    """Values as S3 takes them: US-ASCII, percent-encoded; those that are None are left out."""
    return {name: quote(value, safe=":+@/") for name, value in values.items() if value is not None}


def decode(metadata: Mapping[str, str]) -> dict[str, str]:
    """The values that `encode` was given."""
    return {name: unquote(value) for name, value in metadata.items()}


def size(metadata: Mapping[str, str]) -> int:
    """Bytes that S3 counts against its limit."""
    return sum(len(name) + len(value) for name, value in metadata.items())

"""Where deleted files are kept in the archive bucket."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from nas_sync.records import extension, file_id

_LONGEST = (
    1024  # bytes of a key: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
)


def keys_for(key: str, etag: str, deleted: datetime) -> Iterator[str]:
    """Keys for one version of a deleted file, in the order in which they are tried.

    The first one is `deleted/YYYY-MM/<key>`. It is taken when another content of the same file was
    deleted earlier in that month; then the ETag, which stands for the content, becomes part of the
    name. So content is never overwritten, and what is there already is recognised, also by a batch
    of a later month.

    Args:
        key: the file's in the raw bucket.
        etag: of the version.
        deleted: when it was deleted there, which no later batch sees otherwise.
    """
    folder = f"deleted/{deleted.astimezone(UTC):%Y-%m}/"
    yield _fitting(folder, key, key, "")
    yield _fitting(folder, key, key, f"~{etag}")


def _fitting(folder: str, key: str, name: str, mark: str) -> str:
    end = f".{suffix}" if (suffix := extension(name)) else ""
    stem = name[: len(name) - len(end)]
    whole = f"{folder}{stem}{mark}{name[len(stem) :]}"
    if len(whole.encode()) <= _LONGEST:
        return whole
    return f"{folder}{file_id(key)}{mark}{end if len(end) < 20 else ''}"

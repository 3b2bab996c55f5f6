"""Which objects are ready: by listing, so that many need few requests."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from os.path import commonprefix
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from scripts.archive.batches import batched
from scripts.archive.parallel import unordered
from scripts.archive.restore_list.selection import Item
from scripts.archive.shares import KEY_LIMIT

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectTypeDef

CHUNK = 1000
WORKERS = 8
_ARCHIVED = ("GLACIER", "DEEP_ARCHIVE")


class State(StrEnum):
    """What S3 says of an object."""

    READY = "取り出せます"
    NOT_READY = "復元処理中"
    NO_COPY = "復元コピーなし"
    FAILED = "失敗"


@dataclass(frozen=True, slots=True)
class Seen:
    """The state of an object, and why where it is FAILED."""

    state: State
    code: str = ""
    reason: str = ""


def look(s3: S3Client, bucket: str, items: Iterable[Item]) -> Iterator[tuple[Item, Seen]]:
    """The state of each object.

    A listing tells it of the newest version in the bucket; an object that isn't listed as the
    archive list has it is looked at by itself.

    Args:
        items: sorted by key, read as they are needed.

    Raises:
        ClientError, BotoCoreError: S3 can't be reached, or the bucket is not there.
    """

    def chunk(part: Sequence[Item]) -> list[tuple[Item, Seen]]:
        try:
            listed = _listed(s3, bucket, [item.key for item in part])
        except ClientError as error:
            if error.response["Error"]["Code"] != "AccessDenied":
                raise
            listed = {}
        return [(item, _seen(s3, bucket, item, listed.get(item.key))) for item in part]

    with ThreadPoolExecutor(WORKERS) as pool:
        for found in unordered(pool, chunk, batched(items, CHUNK), ahead=WORKERS * 2):
            yield from found


def first_with_copy(
    s3: S3Client, bucket: str, versions: Sequence[Item]
) -> dict[str, tuple[Item, Seen]]:
    """By key the first version of which there is a copy, now or soon.

    Such is what was asked for, where a file was archived again since.
    """
    states = {item.number: seen for item, seen in look(s3, bucket, versions)}
    found: dict[str, tuple[Item, Seen]] = {}
    for item in versions:
        if states[item.number].state in (State.READY, State.NOT_READY):
            found.setdefault(item.key, (item, states[item.number]))
    return found


def _listed(s3: S3Client, bucket: str, keys: list[str]) -> dict[str, ObjectTypeDef]:
    """List what lies between the keys, but skip to the next one after each page.

    That takes at most one request for each key, and one for every 1,000 where they lie together.
    """
    wanted = set(keys)
    prefix = commonprefix([keys[0], keys[-1]])  # noqa: RUF071 - keys are no paths
    listed = {}
    position = 0
    while position < len(keys):
        page = s3.list_objects_v2(
            Bucket=bucket,
            Prefix=prefix,
            StartAfter=before(keys[position]),
            OptionalObjectAttributes=["RestoreStatus"],
        )
        contents = page.get("Contents", [])
        listed.update({each["Key"]: each for each in contents if each["Key"] in wanted})
        if not page["IsTruncated"]:
            break
        position = bisect_right(keys, contents[-1]["Key"])
    return listed


def before(key: str) -> str:
    """A text that comes before the key, with next to nothing between them."""
    last = ord(key[-1]) - 1
    if 0xD800 <= last <= 0xDFFF:
        last = 0xD7FF
    text = f"{key[:-1]}{chr(last)}\U0010ffff"
    return text if len(text.encode()) <= KEY_LIMIT else key[:-1]


def _seen(s3: S3Client, bucket: str, item: Item, listed: ObjectTypeDef | None) -> Seen:
    if listed is None or listed["ETag"].strip('"') != item.etag.strip('"'):
        return _head(s3, bucket, item)
    status = listed.get("RestoreStatus", {})
    if status.get("IsRestoreInProgress"):
        return Seen(State.NOT_READY)
    copied = "RestoreExpiryDate" in status
    return _by_class(listed.get("StorageClass", "STANDARD"), copied=copied)


def _head(s3: S3Client, bucket: str, item: Item) -> Seen:
    try:
        head = s3.head_object(Bucket=bucket, Key=item.key, VersionId=item.version)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        return Seen(State.FAILED, code, _REASONS.get(code, str(error)))
    except BotoCoreError as error:
        return Seen(State.FAILED, type(error).__name__, str(error))
    restore = head.get("Restore", "")
    if 'ongoing-request="true"' in restore:
        return Seen(State.NOT_READY)
    return _by_class(head.get("StorageClass", "STANDARD"), copied=bool(restore))


def _by_class(storage: str, *, copied: bool) -> Seen:
    return Seen(State.READY if copied or storage not in _ARCHIVED else State.NO_COPY)


_MISSING = "S3 にありません。archive reconcile を実行してください"
_REASONS = {
    "404": _MISSING,
    "NoSuchKey": _MISSING,
    "NoSuchVersion": _MISSING,
    "405": "S3 で削除されています。archive reconcile を実行してください",
    "403": "権限がありません。実行ロールの s3:GetObject と KMS の権限を確認してください",
}

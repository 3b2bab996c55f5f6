"""Which channels are synchronised: a list of ids and @handles in a setting, or a CSV file in S3."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from batchworks.errors import SettingsError

_NAME = re.compile(r"UC[A-Za-z0-9_-]{22}|@[\w.·-]{1,60}")
_S3_URI = re.compile(r"s3://(?P<bucket>[a-z0-9.-]{3,63})/(?P<key>.+\.csv)")
_SHOWN = 10


class Place(NamedTuple):
    """Where a channel was named, such as `line 3`, and the name."""

    where: str
    name: str


def read(setting: str) -> tuple[str, ...]:
    """The channels that a setting names, in its order and each once.

    Args:
        setting: comma-separated ids (UC…) and @handles, or `s3://bucket/key.csv`, a UTF-8 file
            with a column `channel`.

    Raises:
        SettingsError: entries are malformed (each is named), there is none, or the file can't
            be read.
    """
    if not setting.startswith("s3://"):
        return _checked("YOUTUBE_CHANNELS", in_text(setting))
    location = _S3_URI.fullmatch(setting)
    if location is None:
        raise SettingsError(
            f"YOUTUBE_CHANNELS is {setting!r}: give a CSV file as s3://bucket/key.csv"
        )
    return _checked(setting, in_csv(setting, _download(setting, **location.groupdict())))


def in_text(text: str) -> Iterator[Place]:
    """Entries of a comma-separated list; empty ones are no entries."""
    for number, entry in enumerate(text.split(","), start=1):
        if name := entry.strip():
            yield Place(f"entry {number}", name)


def in_csv(source: str, content: bytes) -> Iterator[Place]:
    """Entries of a CSV file's column `channel`; empty ones are no entries.

    Args:
        source: the file's name in error messages.
        content: the file, UTF-8 with or without byte order mark.

    Raises:
        SettingsError: it isn't UTF-8 or has no such column.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsError(f"{source} is not UTF-8: save it as “CSV UTF-8”") from error
    rows = csv.DictReader(io.StringIO(text, newline=""), skipinitialspace=True)
    if "channel" not in (rows.fieldnames or ()):
        found = ", ".join(rows.fieldnames or ()) or "nothing"
        raise SettingsError(f"{source}: line 1 needs a column “channel”; it has {found}")
    for row in rows:
        if name := (row["channel"] or "").strip():
            yield Place(f"line {rows.line_num}", name)


def _checked(source: str, places: Iterable[Place]) -> tuple[str, ...]:
    found = list(places)
    malformed = [place for place in found if not _NAME.fullmatch(place.name)]
    if malformed:
        shown = "; ".join(f"{place.where}: {place.name!r}" for place in malformed[:_SHOWN])
        more = f"; and {len(malformed) - _SHOWN} more" if len(malformed) > _SHOWN else ""
        raise SettingsError(
            f"{source} names channels that are neither an id (UC and 22 characters) "
            f"nor a @handle: {shown}{more}"
        )
    if not found:
        raise SettingsError(f"{source} names no channel: add ids (UC…) or @handles")
    return tuple(dict.fromkeys(place.name for place in found))


def _download(uri: str, bucket: str, key: str) -> bytes:
    import boto3  # noqa: PLC0415 - 200 ms that a list in the setting needn't pay
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    try:
        return boto3.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    except (BotoCoreError, ClientError) as error:
        raise SettingsError(
            f"YOUTUBE_CHANNELS: {uri} can't be read ({error}): check the name, and that this role "
            "may s3:GetObject it"
        ) from error

"""Versions: moto copies every object of a bucket for each page of a list of its versions.

It also takes the older of two versions written in the same millisecond for the newest, does not
encode keys for who asks for that, as the Terraform provider and boto3 do, and fails to delete a
delete marker, of which it wants to dispose as of an object's content.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from itertools import dropwhile, islice
from typing import Any
from urllib.parse import quote

from moto.s3.models import FakeBucket, FakeDeleteMarker, FakeKey, S3Backend
from moto.s3.responses import S3Response

from scripts.local_aws.patching import add, replace

_list = S3Backend.list_object_versions
_answer = S3Response.list_object_versions
_ENCODED = re.compile(r"<(Key|KeyMarker|NextKeyMarker|Prefix|Delimiter)>([^<]*)</")
"""Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html"""


@add(FakeDeleteMarker)
def dispose(_: FakeDeleteMarker) -> None:
    """A marker has no content."""


@replace(S3Response, name="list_object_versions")
def answer(self: S3Response) -> Any:
    """A page as XML, its keys encoded if that was asked for."""
    status, headers, body = _answer(self)
    if self.querystring.get("encoding-type") != ["url"]:
        return status, headers, body
    text = body.decode() if isinstance(body, bytes) else body
    encoded = _ENCODED.sub(
        lambda found: f"<{found[1]}>{escape(quote(unescape(found[2]), safe='/'))}</", text
    )
    return status, headers, encoded.replace("<Name>", "<EncodingType>url</EncodingType><Name>", 1)


@replace(S3Backend)
def list_object_versions(self: S3Backend, bucket_name: str, **asked: Any) -> Any:
    """A page of versions and delete markers, and what the next page begins after."""
    if asked.get("delimiter"):
        return _list(self, bucket_name, **asked)
    after = (asked.get("key_marker"), asked.get("version_id_marker"))
    found = _after(_versions(self.get_bucket(bucket_name), asked.get("prefix") or "", after), after)
    limit = asked.get("max_keys") or 1000
    page = list(islice(found, limit))
    more = next(found, None) is not None
    last = page[-1] if page and more else None
    return (
        [each for each in page if isinstance(each, FakeKey)],
        [],
        [each for each in page if not isinstance(each, FakeKey)],
        last and last.name,
        last and last.version_id,
    )


Place = tuple[str | None, str | None]  # key and version id


def _versions(bucket: FakeBucket, prefix: str, after: Place) -> Iterator[Any]:
    """Versions by key, of each key the newest first."""
    key, _ = after
    names = [name for name in list(bucket.keys) if name.startswith(prefix) and name >= (key or "")]
    for name in sorted(names):
        versions = bucket.keys.getlist(name, [])
        for version in reversed(versions):
            version.is_latest = version is versions[-1]
            yield version


def _after(versions: Iterator[Any], place: Place) -> Iterator[Any]:
    """What comes after a version, or after all those of a key."""
    key, version_id = place
    if key is None:
        return versions
    if version_id is None:
        return dropwhile(lambda each: each.name == key, versions)
    rest = dropwhile(lambda each: each.name == key and each.version_id != version_id, versions)
    return (each for each in rest if (each.name, each.version_id) != place)

"""Listings: moto looks at every object of a bucket for each page, and asks its models of AWS about
every field of every object in it, which takes most of a second.

It also lists folders of which everything is deleted.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any
from xml.sax.saxutils import escape

from moto.core.responses import ActionResult
from moto.s3.exceptions import InvalidContinuationToken
from moto.s3.models import FakeBucket, FakeKey, FakeTableStorageBucket, S3Backend
from moto.s3.responses import S3Response
from moto.utilities.utils import md5_hash

from scripts.local_aws.patching import replace

_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"

_list = S3Backend.list_objects_v2
_serialized = S3Response.serialized


@replace(S3Backend)
def list_objects_v2(  # noqa: PLR0917  # moto's own parameters
    self: S3Backend,
    bucket: FakeBucket,
    prefix: str | None,
    delimiter: str | None,
    continuation_token: str | None,
    start_after: str | None,
    max_keys: int,
) -> Any:
    """A page of objects and folders, whether there are more, and the token of the next page."""
    if isinstance(bucket, FakeTableStorageBucket):
        return _list(self, bucket, prefix, delimiter, continuation_token, start_after, max_keys)
    after = start_after
    if continuation_token:
        if continuation_token not in self._pagination_tokens:
            raise InvalidContinuationToken
        after = self._pagination_tokens[continuation_token]
    found = _found(bucket, prefix or "", delimiter or "", after or "")
    page = list(islice(found, max_keys))
    if not page or next(found, None) is None:
        return page, False, None
    last = self._get_name(page[-1])
    token = md5_hash(last.encode()).hexdigest()
    self._pagination_tokens[token] = last
    return page, True, token


def _found(bucket: FakeBucket, prefix: str, delimiter: str, after: str) -> Iterator[FakeKey | str]:
    """The objects and folders behind a name, by name."""
    folder = ""
    names = [name for name in list(bucket.keys) if name.startswith(prefix) and name > after]
    for name in sorted(names):
        key = bucket.keys.get(name)
        if not isinstance(key, FakeKey) or (folder and name.startswith(folder)):
            continue  # deleted, or in the folder that was listed last
        end = name.find(delimiter, len(prefix)) if delimiter else -1
        if end < 0:
            yield key
            continue
        folder = name[: end + len(delimiter)]
        if folder > after:
            yield folder


@replace(S3Response)
def serialized(self: S3Response, action_result: ActionResult) -> Any:
    """Write a page as it is."""
    result: Any = action_result.result
    if self.data.get("Action") != "ListObjectsV2" or not isinstance(result, dict):
        return _serialized(self, action_result)
    body = f'<?xml version="1.0" encoding="utf-8"?>\n<ListBucketResult xmlns="{_NAMESPACE}">'
    body += _elements(result) + "</ListBucketResult>"
    return 200, {"Content-Type": "application/xml", **self.response_headers}, body


def _elements(structure: dict[str, Any]) -> str:
    """Its fields; of a list an element for each member, as S3 writes lists of a listing."""
    return "".join(
        f"<{name}>{_content(each)}</{name}>"
        for name, value in structure.items()
        for each in (value if isinstance(value, list) else [value])
    )


def _content(value: Any) -> str:
    if isinstance(value, dict):
        return _elements(value)
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, datetime) else escape(str(value))

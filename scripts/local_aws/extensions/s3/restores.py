"""Restores: moto's are done at once, whatever is asked for, and never expire.

It takes every tier, forgets the version, and lists no RestoreStatus:
https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

from moto.core.responses import ActionResult
from moto.s3.exceptions import (
    InvalidObjectState,
    MalformedXML,
    MissingKey,
    MissingVersion,
    S3ClientError,
)
from moto.s3.models import FakeKey, S3Backend
from moto.s3.responses import S3Response
from moto.s3.utils import ARCHIVE_STORAGE_CLASSES

from scripts.local_aws.patching import replace
from scripts.local_aws.restores import RESTORES

_LISTS = {"ListObjects": "Contents", "ListObjectsV2": "Contents", "ListObjectVersions": "Versions"}
_IN_PROGRESS = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>RestoreAlreadyInProgress</Code>'
    "<Message>Object restore is already in progress</Message></Error>"
)

_post = S3Response._key_response_post
_serialized = S3Response.serialized
_described: Any = FakeKey.response_dict


@dataclass(frozen=True)
class Wish:
    """What a RestoreObject request asks for.

    Attributes:
        version: Version id; None means the newest.
        days: How long the copy is to stay.
        tier: `Standard`, `Bulk` or `Expedited`.
    """

    version: str | None
    days: int
    tier: str


@replace(S3Response)
def _key_response_post(self: S3Response, *call: Any) -> Any:
    _, body, bucket_name, query, key_name = call
    if "restore" not in query:
        return _post(self, *call)
    self._set_action("KEY", "POST", query)
    self._authenticate_and_authorize_s3_action(bucket_name=bucket_name, key_name=key_name)
    wish = _wish(body, query.get("versionId", [None])[0])
    status = restore(self.backend, bucket_name, key_name, wish)
    return status, {}, _IN_PROGRESS if status == 409 else ""


def restore(backend: S3Backend, bucket: str, name: str, wish: Wish) -> int:
    """Restore an object.

    Returns:
        HTTP status: 202 asked for, 200 there already, 409 under way already.

    Raises:
        S3ClientError: There is no such object, or it can't be restored so.
    """
    key = backend.get_object(bucket, name, version_id=wish.version)
    if key is None:
        raise MissingKey(name) if wish.version is None else MissingVersion(name, wish.version)
    if key.storage_class not in ARCHIVE_STORAGE_CLASSES:
        raise InvalidObjectState(storage_class=key.storage_class)
    if wish.tier == "Expedited" and key.storage_class == "DEEP_ARCHIVE":
        raise S3ClientError(
            "InvalidArgument", "Retrieval option is not supported by this storage class"
        )
    before = RESTORES.begin(key, wish.days)
    if before is None:
        return 202
    return 409 if RESTORES.is_under_way(before) else 200


def _wish(body: bytes, version: str | None) -> Wish:
    try:
        asked = ElementTree.fromstring(body)  # noqa: S314  # our own  # nosec B314
        tier = asked.findtext(".//{*}Tier", "Standard")
        wish = Wish(version, int(asked.findtext("{*}Days", "")), tier)
    except (ElementTree.ParseError, ValueError):
        raise MalformedXML from None
    if wish.days < 1:
        raise S3ClientError(
            "InvalidArgument", "restoration days should be at least 1 day(s) when specified"
        )
    return wish


def _response_dict(self: FakeKey) -> dict[str, Any]:
    described: dict[str, Any] = _described.fget(self)
    status = RESTORES.header(self)
    return described if status is None else {**described, "x-amz-restore": status}


replace(FakeKey, "response_dict")(property(_response_dict))


@replace(S3Response)
def serialized(self: S3Response, action_result: ActionResult) -> Any:
    """Add the restore status of listed objects, where it is asked for."""
    result: Any = action_result.result
    listed = _LISTS.get(str(self.data.get("Action")))
    asked = self.headers.get("x-amz-optional-object-attributes", "")
    if listed and "RestoreStatus" in asked and isinstance(result, dict):
        encoded = "EncodingType" in result
        for each in result[listed]:
            name = unquote(each["Key"]) if encoded else each["Key"]
            each.update(_status(self, name, each.get("VersionId")))
    return _serialized(self, action_result)


def _status(request: S3Response, name: str, version: str | None) -> dict[str, Any]:
    key = request.backend.get_object(request.bucket_name, name, version_id=version)
    restore = RESTORES.of(key) if key is not None else None
    if restore is None:
        return {}
    if RESTORES.is_under_way(restore):
        return {"RestoreStatus": {"IsRestoreInProgress": True}}
    return {"RestoreStatus": {"IsRestoreInProgress": False, "RestoreExpiryDate": restore.expiry}}

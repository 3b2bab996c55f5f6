"""Configurations of a bucket: moto has none for metrics, and makes or deletes a bucket instead.

Of inventories it loses which versions they are to hold, and deletes the bucket with them. It does
not say that EventBridge is told of a bucket, and takes the right to deliver logs only if a policy
is written as one of its own tests is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

from moto.core.responses import ActionResult
from moto.s3.exceptions import CrossLocationLoggingProhibited, InvalidTargetBucketForLogging
from moto.s3.models import FakeBucket, S3Backend
from moto.s3.responses import ACTION_MAP, S3Response

from scripts.local_aws.account import ACCOUNT
from scripts.local_aws.iam.policy import Request, Verdict, decide, statements
from scripts.local_aws.patching import replace

Answer = tuple[int, dict[str, Any], str | bytes]

_LOGGING = "logging.s3.amazonaws.com"
_MISSING = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchConfiguration</Code>'
    "<Message>The specified configuration does not exist.</Message></Error>"
)
_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*\?>\s*")

_get = S3Response._bucket_response_get
_put = S3Response._bucket_response_put
_delete = S3Response._bucket_response_delete
_serialized = S3Response.serialized


KINDS = {"inventory": "InventoryConfiguration", "metrics": "MetricsConfiguration"}
"""Of which a bucket has many, each with an id: XML element of one, and what IAM calls it."""

_kept: WeakKeyDictionary[FakeBucket, dict[tuple[str, str], bytes]] = WeakKeyDictionary()

for _kind, _name in KINDS.items():
    ACTION_MAP["BUCKET"]["GET"][_kind] = f"Get{_name}"
    ACTION_MAP["BUCKET"]["PUT"][_kind] = f"Put{_name}"
    ACTION_MAP["BUCKET"]["DELETE"][_kind] = f"Put{_name}"


def of(bucket: FakeBucket, kind: str) -> Iterator[bytes]:
    """The XML of each configuration of a kind that a bucket has."""
    found = _kept.get(bucket, {})
    return (_DECLARATION.sub(b"", found[each]) for each in sorted(found) if each[0] == kind)


@replace(S3Response)
def _bucket_response_put(
    self: S3Response, request: Any, bucket_name: str, querystring: dict[str, Any]
) -> Any:
    kind = _kind_of(querystring)
    if kind is None:
        return _put(self, request, bucket_name, querystring)
    bucket = _authorized(self, "PUT", bucket_name, querystring)
    _kept.setdefault(bucket, {})[kind, querystring["id"][0]] = self.body
    return 200, {}, ""


@replace(S3Response)
def _bucket_response_get(self: S3Response, bucket_name: str, querystring: dict[str, Any]) -> Any:
    kind = _kind_of(querystring)
    if kind is None:
        return _get(self, bucket_name, querystring)
    bucket = _authorized(self, "GET", bucket_name, querystring)
    if "id" not in querystring:
        return 200, {}, _list(bucket, kind)
    found = _kept.get(bucket, {}).get((kind, querystring["id"][0]))
    return (404, {}, _MISSING) if found is None else (200, {}, found)


@replace(S3Response)
def _bucket_response_delete(self: S3Response, bucket_name: str, querystring: dict[str, Any]) -> Any:
    kind = _kind_of(querystring)
    if kind is None:
        return _delete(self, bucket_name, querystring)
    bucket = _authorized(self, "DELETE", bucket_name, querystring)
    found = _kept.get(bucket, {}).pop((kind, querystring["id"][0]), None)
    return (404, {}, _MISSING) if found is None else (204, {}, "")


@replace(S3Response)
def serialized(self: S3Response, action_result: ActionResult) -> Any:
    """Say that EventBridge is told of a bucket, if it is."""
    result: Any = action_result.result
    if self.data.get("Action") == "GetBucketNotificationConfiguration" and isinstance(result, dict):
        bucket = self.backend.get_bucket(self.bucket_name)
        wanted = bucket.notification_configuration
        if wanted is not None and wanted.event_bridge is not None:
            result["EventBridgeConfiguration"] = {}
    return _serialized(self, action_result)


@replace(FakeBucket)
def set_logging(
    self: FakeBucket, logging_config: dict[str, Any] | None, bucket_backend: S3Backend
) -> None:
    """Log requests to another bucket, if that lets S3 deliver there."""
    if logging_config:
        target = bucket_backend.buckets.get(logging_config["TargetBucket"])
        if target is None:
            raise InvalidTargetBucketForLogging("The target bucket for logging does not exist.")
        if target.region_name != self.region_name:
            raise CrossLocationLoggingProhibited
        prefix = logging_config.get("TargetPrefix") or ""
        delivers = lets_deliver(target, _LOGGING, prefix, self)
        if not delivers and not self._log_permissions_enabled_acl(target):
            raise InvalidTargetBucketForLogging(
                f"The policy of {target.name} lets {_LOGGING} deliver no log of {self.name}"
            )
    self.logging = logging_config or {}


def lets_deliver(target: FakeBucket, service: str, prefix: str, source: FakeBucket) -> bool:
    """Whether a bucket's policy lets a service write below a prefix what is of another bucket."""
    context = {
        "aws:securetransport": "true",
        "s3:tlsversion": "1.3",
        "aws:sourceaccount": ACCOUNT,
        "aws:sourcearn": source.arn,
    }
    request = Request("s3:PutObject", f"{target.arn}/{prefix}x", frozenset([service]), context)
    policy = json.loads(target.policy or "{}")
    return decide(statements(policy), request) is Verdict.ALLOWED


def _kind_of(querystring: dict[str, Any]) -> str | None:
    return next((kind for kind in KINDS if kind in querystring), None)


def _authorized(
    request: S3Response, method: str, bucket: str, querystring: dict[str, Any]
) -> FakeBucket:
    request._set_action("BUCKET", method, querystring)
    request._authenticate_and_authorize_s3_action(bucket_name=bucket)
    return request.backend.get_bucket(bucket)


def _list(bucket: FakeBucket, kind: str) -> bytes:
    root = f"List{KINDS[kind]}sResult".encode()
    listed = b"".join(of(bucket, kind))
    return b"<%s>%s<IsTruncated>false</IsTruncated></%s>" % (root, listed, root)

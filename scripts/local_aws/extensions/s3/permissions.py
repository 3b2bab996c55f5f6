"""S3: what moto tells, and to whom.

It applies statements of a bucket policy as if they had no Condition: a Deny of everything that
comes without TLS would close the bucket for everybody. And it says of a missing object that it is
missing, where AWS says 403 to a role that may not list the bucket. Of some requests it takes the
action for the usual one of their method: for CreateBucket, for example. And of the keys that
DeleteObjects names it asks for none.
"""

from __future__ import annotations

import json
import logging
from contextvars import ContextVar
from typing import Any

from moto.iam.access_control import PermissionResult
from moto.s3.exceptions import MissingBucket
from moto.s3.models import FakeBucket
from moto.s3.responses import ACTION_MAP, S3Response

from scripts.local_aws.account import ACCOUNT
from scripts.local_aws.iam.conditions import UnsupportedPolicyError
from scripts.local_aws.iam.decisions import may
from scripts.local_aws.iam.policy import Request, Verdict, decide, statements
from scripts.local_aws.iam.sessions import Session, of_key
from scripts.local_aws.patching import replace

log = logging.getLogger(__name__)

_CONTEXT = {
    "aws:principalaccount": ACCOUNT,
    "aws:principalisawsservice": "false",
    "aws:securetransport": "true",  # in AWS it would be TLS
    "aws:sourceaccount": None,
    "aws:sourcearn": None,
    "s3:tlsversion": "1.3",
}
_READING = {"GetObject", "GetObjectVersion"}
_RESULTS = {
    Verdict.ALLOWED: PermissionResult.PERMITTED,
    Verdict.DENIED: PermissionResult.DENIED,
    Verdict.UNSAID: PermissionResult.NEUTRAL,
}


_deleting: ContextVar[Session | None] = ContextVar("deleting", default=None)
"""Whose DeleteObjects is under way; moto asks only the bucket about each of its keys."""


@replace(FakeBucket)
def get_permission(self: FakeBucket, action: str, resource: str) -> PermissionResult:
    """What the bucket's policy says about an action of anybody."""
    session = _deleting.get()
    if session and may(session, action, resource):
        return PermissionResult.DENIED
    if self.policy is None:
        return PermissionResult.NEUTRAL
    request = Request(action, resource, context=_CONTEXT)
    try:
        return _RESULTS[decide(statements(json.loads(self.policy)), request)]
    except UnsupportedPolicyError as unsupported:
        log.warning("the policy of the bucket %s is not applied: %s", self.name, unsupported)
        return PermissionResult.NEUTRAL


_BUCKET_SETTINGS = {
    "encryption": "EncryptionConfiguration",
    "object-lock": "BucketObjectLockConfiguration",
    "ownershipControls": "BucketOwnershipControls",
    "publicAccessBlock": "BucketPublicAccessBlock",
    "replication": "ReplicationConfiguration",
}
for _query, _setting in _BUCKET_SETTINGS.items():
    for _method, _verb in {"GET": "Get", "PUT": "Put", "DELETE": "Put"}.items():
        ACTION_MAP["BUCKET"][_method][_query] = f"{_verb}{_setting}"
ACTION_MAP["KEY"]["HEAD"]["versionId"] = "GetObjectVersion"
ACTION_MAP["KEY"]["GET"]["attributes"] = "GetObjectAttributes"
for _query, _setting in {"legal-hold": "ObjectLegalHold", "retention": "ObjectRetention"}.items():
    ACTION_MAP["KEY"]["GET"][_query] = f"Get{_setting}"
    ACTION_MAP["KEY"]["PUT"][_query] = f"Put{_setting}"

_authorize = S3Response._authenticate_and_authorize_s3_action
_delete_keys = S3Response._bucket_response_delete_keys


@replace(S3Response)
def _authenticate_and_authorize_s3_action(
    self: S3Response, bucket_name: str | None = None, key_name: str | None = None
) -> None:
    if not key_name and self.data["Action"] == "DeleteObject":
        return  # DeleteObjects: asked key by key
    _authorize(self, bucket_name, key_name)
    if key_name and self._get_action() in _READING and _is_missing(self, bucket_name, key_name):
        self.data["Action"], action = "ListBucket", self.data["Action"]
        _authorize(self, bucket_name)
        self.data["Action"] = action


@replace(S3Response)
def _bucket_response_delete_keys(
    self: S3Response, bucket_name: str, authenticated: bool = True
) -> Any:
    """Delete what may be deleted; the answer says of which keys the caller may not."""
    asked = _deleting.set(of_key(self.get_access_key()))
    try:
        return _delete_keys(self, bucket_name, authenticated)
    finally:
        _deleting.reset(asked)


def _is_missing(request: S3Response, bucket: str | None, key: str) -> bool:
    try:
        return request.backend.get_object(str(bucket), key) is None
    except MissingBucket:
        return False

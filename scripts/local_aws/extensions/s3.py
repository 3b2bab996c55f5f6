"""S3: moto applies statements of a bucket policy as if they had no Condition.

A Deny of everything that comes without TLS would close the bucket for everybody.
"""

from __future__ import annotations

import json
import logging

from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket

from scripts.local_aws.account import ACCOUNT
from scripts.local_aws.iam.conditions import UnsupportedPolicyError
from scripts.local_aws.iam.policy import Request, Verdict, decide, statements
from scripts.local_aws.patching import replace

log = logging.getLogger(__name__)

_CONTEXT = {
    "aws:principalaccount": ACCOUNT,
    "aws:principalisawsservice": "false",
    "aws:securetransport": "true",  # in AWS it would be TLS
    "aws:sourceaccount": None,
    "aws:sourcearn": None,
}
_RESULTS = {
    Verdict.ALLOWED: PermissionResult.PERMITTED,
    Verdict.DENIED: PermissionResult.DENIED,
    Verdict.UNSAID: PermissionResult.NEUTRAL,
}


@replace(FakeBucket)
def get_permission(self: FakeBucket, action: str, resource: str) -> PermissionResult:
    """What the bucket's policy says about an action of anybody."""
    if self.policy is None:
        return PermissionResult.NEUTRAL
    request = Request(action, resource, context=_CONTEXT)
    try:
        return _RESULTS[decide(statements(json.loads(self.policy)), request)]
    except UnsupportedPolicyError as unsupported:
        log.warning("the policy of the bucket %s is not applied: %s", self.name, unsupported)
        return PermissionResult.NEUTRAL

"""What AWS answers becomes an error that the state machine and the mails know."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from batchworks.errors import JobError
from nas_sync.aws import telling
from nas_sync.errors import AccessDenied, AwsUnavailable, MissingObject, ObjectChanged


def tell(code: str, status: int) -> None:
    """Let AWS refuse something."""
    answer: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    with telling("look at vpn-1"):
        raise ClientError(answer, "Describe")


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("AccessDenied", 403, AccessDenied),
        ("AccessDeniedException", 400, AccessDenied),
        ("AuthorizationError", 403, AccessDenied),
        ("UnauthorizedOperation", 403, AccessDenied),
        ("NoSuchKey", 404, MissingObject),
        ("NoSuchVersion", 404, MissingObject),
        ("PreconditionFailed", 412, ObjectChanged),
        ("RequestLimitExceeded", 503, AwsUnavailable),
        ("ThrottlingException", 400, AwsUnavailable),
        ("InternalError", 500, AwsUnavailable),
        ("InvalidParameterValue", 400, JobError),
    ],
)
def test_each_refusal_is_told_as_what_it_means(
    code: str, status: int, kind: type[JobError]
) -> None:
    with pytest.raises(JobError, match=f"could not look at vpn-1: .*{code}") as told:
        tell(code, status)
    assert type(told.value) is kind


def test_no_answer_is_told_as_something_that_may_pass() -> None:
    with pytest.raises(AwsUnavailable, match="could not look at vpn-1"), telling("look at vpn-1"):
        raise EndpointConnectionError(endpoint_url="https://ec2")

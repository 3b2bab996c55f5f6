"""What AWS answers becomes an error that the state machine and the mails know."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from batchworks.errors import THROTTLED, JobError
from nas_sync.aws import telling
from nas_sync.errors import AccessDenied, AwsUnavailable, MissingObject, ObjectChanged
from tests.unit.nas_sync.payloads import LONGEST_PATHS, MOST, size


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
        *((code, 400, AwsUnavailable) for code in sorted(THROTTLED)),
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


@pytest.mark.parametrize("path", LONGEST_PATHS)
def test_however_long_the_keys_of_a_copy_its_refusal_fits_into_a_payload(path: str) -> None:
    denied: Any = {"Error": {"Code": "AccessDenied", "Message": f"not authorized on {path}"}}
    for refusal in (
        ClientError(denied, "CopyObject"),
        EndpointConnectionError(endpoint_url=f"https://archive.s3/{quote(path)}"),
    ):
        with (
            pytest.raises(JobError, match="could not copy") as told,
            telling(f"copy s3://raw/{path} to s3://archive/{path}"),
        ):
            raise refusal
        assert size(told.value) < MOST

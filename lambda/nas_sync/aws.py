"""AWS's refusals as the errors that the state machine knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from botocore.exceptions import (
    ClientError,
    ConnectionError,  # noqa: A004 - botocore's, not Python's
    HTTPClientError,
    IncompleteReadError,
)

from batchworks.errors import THROTTLED, JobError
from nas_sync.errors import AccessDenied, AwsUnavailable, MissingObject, ObjectChanged
from nas_sync.messages import shortened

_DENIED = (AccessDenied, "access is denied: check the function's role")

# https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
_MEANINGS: Mapping[str, tuple[type[JobError], str]] = {
    "NoSuchKey": (MissingObject, "it isn't there"),
    "NoSuchVersion": (MissingObject, "it isn't there"),
    "404": (MissingObject, "it isn't there"),
    "PreconditionFailed": (ObjectChanged, "somebody else wrote it meanwhile"),
    "ConditionalRequestConflict": (ObjectChanged, "somebody else is writing it"),
    "AccessDenied": _DENIED,
    "AccessDeniedException": _DENIED,
    "AuthorizationError": _DENIED,  # of SNS
    "UnauthorizedOperation": _DENIED,  # of EC2
    "403": _DENIED,
}

_LONGEST = 300  # characters of what AWS says


@contextmanager
def telling(doing: str) -> Iterator[None]:
    """Turn AWS's errors into those that the state machine knows.

    Args:
        doing: what is done to which item, such as `read s3://bucket/key`.

    Raises:
        MissingObject: the object isn't there.
        ObjectChanged: the condition of a conditional call doesn't hold.
        AccessDenied: the function's role may not do it.
        AwsUnavailable: throttled, a server's error or no answer, after botocore's own repetitions.
        JobError: any other refusal.
    """
    try:
        yield
    except ClientError as error:
        raise _of_answer(error, doing) from error
    except (ConnectionError, HTTPClientError, IncompleteReadError) as error:
        told = shortened(str(error), _LONGEST)  # the URL, in which the key stands again
        raise AwsUnavailable(f"could not {doing}: {told}") from error


def _of_answer(error: ClientError, doing: str) -> JobError:
    reason = error.response.get("Error", {})
    answer = error.response.get("ResponseMetadata", {})
    code, status = reason.get("Code", "Unknown"), answer.get("HTTPStatusCode", 0)
    message = shortened(reason.get("Message", ""), _LONGEST)
    told = f"{code}: {message}; request id {answer.get('RequestId')}"
    if code in _MEANINGS:
        kind, meaning = _MEANINGS[code]
        return kind(f"could not {doing}: {meaning} ({told})")
    if status >= 500 or status == 429 or code in THROTTLED:
        return AwsUnavailable(f"could not {doing}: AWS can't just now, run it again ({told})")
    return JobError(f"could not {doing}: AWS refused it ({told})")

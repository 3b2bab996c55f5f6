"""AWS's refusals by kind, each with the id that AWS support asks for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from botocore.exceptions import BotoCoreError, ClientError

from batchworks.errors import THROTTLED, JobError, TemporaryError

# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
# https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
_NOT_FOUND = {
    "404",
    "ExportNotFoundException",
    "NoSuchBucket",
    "NoSuchKey",
    "NotFound",
    "ResourceNotFoundException",
    "TableNotFoundException",
}


class AwsError(JobError):
    """A call that AWS did not do."""

    status: ClassVar[int] = 500

    def __init__(self, message: str, code: str | None = None, request_id: str | None = None):
        super().__init__(message)
        self.code = code  # AWS's name of the error; None where no answer came
        self.request_id = request_id


class ThrottledError(AwsError, TemporaryError):
    """The rate limit was exceeded for longer than calls are repeated."""

    status = 429


class NotFoundError(AwsError):
    """A table, bucket or object isn't there."""

    status = 404


class ServiceError(AwsError):
    """Anything else."""


@contextmanager
def telling(doing: str) -> Iterator[None]:
    """Turn AWS's errors into this job's.

    Args:
        doing: what is done to which item, such as `scan the table x`.

    Raises:
        AwsError: AWS refused it, or could not be reached.
    """
    try:
        yield
    except ClientError as error:
        raise of_answer(error, doing) from error
    except BotoCoreError as error:
        raise ServiceError(
            f"Could not {doing} (500): {error}. Does the network lead to AWS, and are there "
            "credentials?"
        ) from error


def of_answer(error: ClientError, doing: str) -> AwsError:
    """What an answer of AWS means.

    Args:
        error: the answer.
        doing: what was asked for, such as `scan the table x`.
    """
    reason = error.response.get("Error", {})
    answer = error.response.get("ResponseMetadata", {})
    code = reason.get("Code", "Unknown")
    request_id = answer.get("RequestId")
    kind, text = _kind(code, answer.get("HTTPStatusCode", 0))
    return kind(
        f"{text} Could not {doing} ({kind.status}, {code}: {reason.get('Message', '')}; "
        f"request id {request_id or 'unknown'})",
        code,
        request_id,
    )


def _kind(code: str, status: int) -> tuple[type[AwsError], str]:
    if code in THROTTLED or status == ThrottledError.status:
        return ThrottledError, "Rate limit exceeded. Please retry later."
    if code in _NOT_FOUND:
        return NotFoundError, "Resource not found."
    return ServiceError, "AWS refused a call."

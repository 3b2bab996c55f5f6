"""Says of a failed call of AWS which step it ended, and what was therefore left as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from batchworks.errors import JobError


class StepError(JobError):
    """AWS refused a call of a run, or could not be reached."""


@contextmanager
def step(failed: str, consequence: str) -> Iterator[None]:
    """Give an error of AWS the words for it.

    Args:
        failed: what could not be done, such as `the list in /app/x can't be written`.
        consequence: how things are now, and what to do.

    Raises:
        StepError: a call of AWS failed.
    """
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise StepError(f"{failed} ({error}): {consequence}") from error

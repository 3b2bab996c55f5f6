"""Errors that end a step; the state machine's retries and catches match on their class names."""

from batchworks.errors import JobError, TemporaryError


class VpnError(JobError):
    """The VPN connection can't be made, found or taken away."""


class BatchNotFound(JobError):  # noqa: N818 - the name operators and the state machine know
    """A batch is to be continued that was never scanned."""


class BrakeEngaged(JobError):  # noqa: N818
    """More files have gone than a month explains, or the listing is empty: nothing was archived."""


class TooManyFailures(JobError):  # noqa: N818
    """More files failed than are tolerated: nothing was indexed."""


class ModelError(JobError):
    """The image model is missing, or isn't the one that was configured."""


class SearchUnavailable(TemporaryError):  # noqa: N818
    """OpenSearch doesn't answer, or answers that it can't just now."""


class SearchError(JobError):
    """OpenSearch refuses what it was asked, or its indices aren't as they should be."""


class ReconciliationFailed(JobError):  # noqa: N818
    """Source, OpenSearch and DynamoDB disagree: the batch does not count as done."""


class MissingObject(JobError):  # noqa: N818
    """An object that a step needs isn't in the bucket."""


class ObjectChanged(JobError):  # noqa: N818
    """Somebody else wrote an object since it was looked at."""


class AccessDenied(JobError):  # noqa: N818
    """AWS lets the function's role not do something."""


class AwsUnavailable(TemporaryError):  # noqa: N818
    """AWS doesn't answer, or answers that it can't just now, for longer than calls are repeated."""

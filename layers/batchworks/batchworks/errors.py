"""Errors whose messages are for people: what happened, to which item, what to do about it."""

THROTTLED = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
"""Codes of AWS's answers that mean "too fast": those that botocore repeats a call for.

https://docs.aws.amazon.com/boto3/latest/guide/retries.html
"""


class JobError(Exception):
    """A run can't do its work. Repeating it without a change gives the same error."""


class SettingsError(JobError):
    """A setting is missing or malformed. Raised before the run changes anything."""


class TemporaryError(JobError):
    """The other side could not answer just now: the same call may succeed later."""

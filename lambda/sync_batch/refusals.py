"""What YouTube's error answers mean, and what to do about them.

Reasons: https://developers.google.com/youtube/v3/docs/errors and, in `details`, Google's
`ErrorInfo`: https://cloud.google.com/apis/design/errors
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

from googleapiclient.errors import HttpError

from batchworks.errors import JobError, TemporaryError
from sync_batch import quota

_QUOTA_USED_UP = {"quotaExceeded", "dailyLimitExceeded"}
_TOO_FAST = {"rateLimitExceeded", "userRateLimitExceeded"}

_COPY = "copy it again from the Google Cloud console"
_RENEW = "make a new key in the Google Cloud console"
_ENABLE = "enable “YouTube Data API v3” in the key's project"
_ALLOW_API = "allow “YouTube Data API v3” in the key's restrictions"
_ALLOW_ADDRESS = "allow the address of this network in the key's restrictions"
_KEY_REFUSED = {
    "keyInvalid": _COPY,
    "API_KEY_INVALID": _COPY,
    "keyExpired": _RENEW,
    "API_KEY_EXPIRED": _RENEW,
    "accessNotConfigured": _ENABLE,
    "SERVICE_DISABLED": _ENABLE,
    "API_KEY_SERVICE_BLOCKED": _ALLOW_API,
    "ipRefererBlocked": _ALLOW_ADDRESS,
    "API_KEY_IP_ADDRESS_BLOCKED": _ALLOW_ADDRESS,
}


class QuotaExceededError(JobError):
    """YouTube answers nothing more until the quota is full again."""


class KeyRefusedError(JobError):
    """YouTube doesn't accept the API key."""


class UnavailableError(JobError):
    """The item isn't there, or not for everybody."""


def meaning(call: str | None, error: HttpError) -> JobError:
    """The error to raise for an error answer.

    Args:
        call: the API's method, such as `youtube.videos.list`.
        error: what googleapiclient made of the answer.
    """
    reasons, message = _body(error)
    told = f"YouTube answered {call} with {error.status_code} ({message})"
    if reasons & _QUOTA_USED_UP:
        return QuotaExceededError(
            "the daily quota of the YouTube Data API is used up (quotaExceeded). It is full again "
            f"at {quota.reset_text(datetime.now(UTC))}: run again then, or ask Google for more"
        )
    if refused := sorted(reasons & _KEY_REFUSED.keys()):
        return KeyRefusedError(f"{told}: YOUTUBE_API_KEY is refused, {_KEY_REFUSED[refused[0]]}")
    if error.status_code in (408, 429) or error.status_code >= 500 or reasons & _TOO_FAST:
        return TemporaryError(told)
    if error.status_code in (403, 404):
        return UnavailableError(told)
    return JobError(told)


def _body(error: HttpError) -> tuple[set[str], str]:
    """The reasons an error answer names, and its message."""
    try:
        told = json.loads(error.content)["error"]
        entries = [*told.get("errors", ()), *told.get("details", ())]
        return {str(entry.get("reason")) for entry in entries}, str(told["message"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return set(), str(error.reason)

"""Error answers in the form Google's servers give them.

Reasons: https://developers.google.com/youtube/v3/docs/errors and the "Errors" section of each
method's page. The body is what googleapiclient.errors.HttpError reads.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """An error answer. `details` and `grpc_status` are there where Google's front end answers."""

    status: int
    reason: str
    message: str
    domain: str = "global"
    location: str | None = None
    grpc_status: str | None = None
    details: tuple[dict[str, Any], ...] = ()

    def body(self) -> dict[str, Any]:
        """The JSON body."""
        place = {"location": self.location, "locationType": "parameter"} if self.location else {}
        cause = {"message": self.message, "domain": self.domain, "reason": self.reason, **place}
        error: dict[str, Any] = {"code": self.status, "message": self.message, "errors": [cause]}
        if self.grpc_status:
            error["status"] = self.grpc_status
        if self.details:
            error["details"] = list(self.details)
        return {"error": error}


class ApiError(Exception):
    """A request that is answered with an error."""

    def __init__(self, answer: ErrorAnswer) -> None:
        super().__init__(f"{answer.status} {answer.reason}: {answer.message}")
        self.answer = answer


def _front_end(status: int, reason: str, message: str, grpc_status: str, info: str) -> ErrorAnswer:
    detail = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": info,
        "domain": "googleapis.com",
        "metadata": {"service": "youtube.googleapis.com"},
    }
    return ErrorAnswer(status, reason, message, grpc_status=grpc_status, details=(detail,))


BAD_KEY = _front_end(
    400,
    "badRequest",
    "API key not valid. Please pass a valid API key.",
    "INVALID_ARGUMENT",
    "API_KEY_INVALID",
)
KEY_INVALID = ErrorAnswer(400, "keyInvalid", "Bad Request", "usageLimits")
"""How a wrong key was answered before BAD_KEY's form; some projects still see it."""

NO_KEY = ErrorAnswer(
    403,
    "forbidden",
    "Method doesn't allow unregistered callers (callers without established identity). "
    "Please use API Key or other form of API consumer identity to call this API.",
    grpc_status="PERMISSION_DENIED",
)
QUOTA_EXCEEDED = ErrorAnswer(
    403,
    "quotaExceeded",
    "The request cannot be completed because you have exceeded your "
    '<a href="/youtube/v3/getting-started#quota">quota</a>.',
    "youtube.quota",
)
RATE_LIMIT_EXCEEDED = ErrorAnswer(403, "rateLimitExceeded", "Rate Limit Exceeded", "usageLimits")
TOO_MANY_REQUESTS = _front_end(
    429,
    "rateLimitExceeded",
    "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute' of service "
    "'youtube.googleapis.com'.",
    "RESOURCE_EXHAUSTED",
    "RATE_LIMIT_EXCEEDED",
)
BACKEND_ERROR = ErrorAnswer(
    500, "backendError", "Internal error encountered.", grpc_status="INTERNAL"
)
SERVICE_UNAVAILABLE = ErrorAnswer(
    503, "backendError", "The service is currently unavailable.", grpc_status="UNAVAILABLE"
)
PLAYLIST_NOT_FOUND = ErrorAnswer(
    404,
    "playlistNotFound",
    "The playlist identified with the request's <code>playlistId</code> parameter cannot be found.",
    "youtube.playlistItem",
    "playlistId",
)
CHANNEL_NOT_FOUND = ErrorAnswer(
    404, "channelNotFound", "Channel not found.", "youtube.channel", "id"
)
FORBIDDEN = ErrorAnswer(
    403,
    "playlistItemsNotAccessible",
    "The request is not properly authorized to retrieve the specified playlist.",
    "youtube.playlistItem",
)


def required(parameter: str) -> ErrorAnswer:
    """400: a parameter that the method always needs is missing."""
    message = f"Required parameter: {parameter}"
    return ErrorAnswer(400, "required", message, location=parameter)


def no_filter(expected: str) -> ErrorAnswer:
    """400: none of the parameters that say which resources are meant."""
    message = f"No filter selected. Expected one of: {expected}"
    return ErrorAnswer(400, "missingRequiredParameter", message, "youtube.parameter", "parameters.")


def several_filters(filters: str) -> ErrorAnswer:
    """400: more than one of the parameters that say which resources are meant."""
    message = f"Incompatible parameters specified in the request: {filters}"
    return ErrorAnswer(400, "incompatibleParameters", message, "youtube.parameter", "parameters.")


def unknown_part(part: str) -> ErrorAnswer:
    """400: the resource has no such part."""
    return ErrorAnswer(400, "unknownPart", f"'{part}'", "youtube.part", "part")


def invalid_filters() -> ErrorAnswer:
    """400: more than 50 ids, for example."""
    message = "The request specifies an invalid filter parameter."
    return ErrorAnswer(400, "invalidFilters", message, "youtube.parameter", "parameters.")


def invalid_page_token() -> ErrorAnswer:
    """400: a page token that no answer gave."""
    message = "The request specifies an invalid page token."
    return ErrorAnswer(400, "invalidPageToken", message, "youtube.parameter", "pageToken")


def invalid_parameter(parameter: str, message: str) -> ErrorAnswer:
    """400: a parameter's value that Google's front end refuses."""
    return ErrorAnswer(400, "invalidParameter", message, location=parameter)

"""The few calls of the YouTube Data API v3 that a run makes, repeated with care."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from http.client import HTTPException
from ssl import SSLCertVerificationError
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import httplib2
import tenacity
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from batchworks.errors import JobError, TemporaryError
from sync_batch import records, refusals
from sync_batch.transport import Meter, Transport

if TYPE_CHECKING:
    from googleapiclient._apis.youtube.v3 import YouTubeResource
    from googleapiclient.http import HttpRequest

Answer = dict[str, Any]
Read = TypeVar("Read")

ATTEMPTS = 6
LONGEST_WAIT_SECONDS = 30

_PARTS = "snippet,statistics,contentDetails"
_CHANNEL_FIELDS = (
    "kind,items(id,snippet(title,customUrl,country,publishedAt),"
    "statistics(viewCount,subscriberCount,hiddenSubscriberCount,videoCount),"
    "contentDetails/relatedPlaylists/uploads)"
)
_UPLOAD_FIELDS = "kind,nextPageToken,items/contentDetails/videoId"
_VIDEO_FIELDS = (
    "kind,items(id,snippet(title,publishedAt,categoryId,liveBroadcastContent),"
    "statistics(viewCount,likeCount,commentCount),contentDetails/duration)"
)

logger = logging.getLogger(__name__)


class UploadsPage(NamedTuple):
    """Up to 50 uploads, newest first, and the token of the next page if there is one."""

    video_ids: tuple[str, ...]
    next_page: str | None


class YouTube:
    """YouTube as one API key sees it. Threads share it; each has a connection of its own.

    Every call costs one quota unit each time it is sent, and raises

    - QuotaExceededError, KeyRefusedError, UnavailableError (sync_batch.refusals),
    - BudgetSpentError (sync_batch.transport) instead of spending more than the budget,
    - TemporaryError when YouTube still can't answer after the last repetition,
    - JobError for an answer that makes no sense.

    Args:
        api_key: of a project with YouTube Data API v3 enabled.
        endpoint: base URL; Google's when it is None.
        budget: quota units that may be spent.
        backoff: seconds, at most, before the first repetition; doubled for each further one.
    """

    def __init__(
        self, api_key: str, endpoint: str | None, *, budget: int, backoff: float = 1.0
    ) -> None:
        self.meter = Meter(budget)
        self._seconds: list[float] = []
        self._thread = threading.local()
        self._connect: Callable[[], Transport] = lambda: Transport(api_key, self.meter)
        self._given_up = threading.Event()
        service: YouTubeResource = build(
            "youtube",
            "v3",
            http=httplib2.Http(),  # never used: each thread brings its own
            cache_discovery=False,
            static_discovery=True,
            client_options={"api_endpoint": endpoint} if endpoint else None,
        )
        # asked for once: each time they put all their methods together, a third of a call's work
        self._channels = service.channels()
        self._playlist_items = service.playlistItems()
        self._videos = service.videos()
        self._repeat = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(TemporaryError),
            stop=tenacity.stop_any(
                tenacity.stop_after_attempt(ATTEMPTS),
                tenacity.stop_when_event_set(self._given_up),
            ),
            wait=tenacity.wait_random_exponential(multiplier=backoff, max=LONGEST_WAIT_SECONDS),
            sleep=tenacity.sleep_using_event(self._given_up),
            before_sleep=_log_repetition,
            reraise=True,
        )

    def channels(self, ids: Sequence[str]) -> list[records.Channel]:
        """Those of up to 50 channels that exist, in any order."""
        request = self._channels.list(
            part=_PARTS, fields=_CHANNEL_FIELDS, id=",".join(ids), maxResults=50
        )
        return self._read(request, _channels)

    def channel_of(self, handle: str) -> records.Channel | None:
        """The channel with this @handle, if there is one."""
        request = self._channels.list(part=_PARTS, fields=_CHANNEL_FIELDS, forHandle=handle)
        return next(iter(self._read(request, _channels)), None)

    def uploads(self, playlist_id: str, page: str | None = None) -> UploadsPage:
        """A page of a channel's uploads playlist.

        Args:
            playlist_id: the channel's `uploads_playlist_id`.
            page: token from the page before; the first page when it is None.
        """
        request = self._playlist_items.list(
            part="contentDetails",
            fields=_UPLOAD_FIELDS,
            playlistId=playlist_id,
            maxResults=50,
            **({"pageToken": page} if page else {}),
        )
        return self._read(request, _uploads)

    def videos(self, ids: Sequence[str], channel_id: str) -> list[records.Video]:
        """Those of a channel's (up to 50) videos that everybody can see."""
        request = self._videos.list(part=_PARTS, fields=_VIDEO_FIELDS, id=",".join(ids))
        return self._read(
            request, lambda answer: [records.video(item, channel_id) for item in _items(answer)]
        )

    def seconds_per_call(self) -> float:
        """What a call took on average; near half a second until some were made."""
        return (sum(self._seconds) + 5) / (len(self._seconds) + 10)

    def give_up(self) -> None:
        """End all waits for repetitions: nobody needs the answers any more."""
        self._given_up.set()

    def _read(self, request: HttpRequest, read: Callable[[Answer], Read]) -> Read:
        answer = self._repeat(self._try, request)
        try:
            return read(answer)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise JobError(
                f"YouTube answered {request.methodId} in a form this program doesn't know "
                f"({type(error).__name__}: {error}): has the API changed?"
            ) from error

    def _try(self, request: HttpRequest) -> Answer:
        began = time.monotonic()
        try:
            answer = request.execute(http=self._transport())
        except HttpError as error:
            raise refusals.meaning(request.methodId, error) from error
        except SSLCertVerificationError as error:
            raise JobError(f"YouTube's certificate can't be verified: {error}") from error
        except (OSError, HTTPException, httplib2.HttpLib2Error, UnicodeDecodeError) as error:
            raise TemporaryError(
                f"no answer from YouTube to {request.methodId} ({type(error).__name__}: {error}): "
                "does the network lead to the internet (NAT gateway)?"
            ) from error
        finally:
            self._seconds.append(time.monotonic() - began)
        if not (isinstance(answer, dict) and str(answer.get("kind")).endswith("ListResponse")):
            raise TemporaryError(f"YouTube's answer to {request.methodId} is cut off or no JSON")
        return answer

    def _transport(self) -> Transport:
        if not hasattr(self._thread, "transport"):
            self._thread.transport = self._connect()
        transport: Transport = self._thread.transport
        return transport


def _channels(answer: Answer) -> list[records.Channel]:
    return [records.channel(item) for item in _items(answer)]


def _uploads(answer: Answer) -> UploadsPage:
    ids = tuple(item["contentDetails"]["videoId"] for item in _items(answer))
    return UploadsPage(ids, answer.get("nextPageToken"))


def _items(answer: Answer) -> list[Any]:
    return list(answer.get("items", ()))  # YouTube leaves it out when there are none


def _log_repetition(state: tenacity.RetryCallState) -> None:
    logger.warning(
        "%s; repeating in %.1f s (%d of %d)",
        state.outcome.exception() if state.outcome else "",
        state.upcoming_sleep,
        state.attempt_number,
        ATTEMPTS - 1,
    )

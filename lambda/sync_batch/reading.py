"""Reads channels from YouTube, many calls at a time, and stops between channels."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

from batchworks.errors import JobError, TemporaryError
from sync_batch import quota
from sync_batch.limits import Limits, Obstacle
from sync_batch.records import Channel, Video
from sync_batch.refusals import KeyRefusedError, QuotaExceededError, UnavailableError
from sync_batch.transport import BudgetSpentError
from sync_batch.youtube import UploadsPage, YouTube

LOOK_AROUND_SECONDS = 0.5  # how long a brake or the clock may go unnoticed
_FATAL = (QuotaExceededError, KeyRefusedError)

logger = logging.getLogger(__name__)


@dataclass
class Reading:
    """What was read: only complete channels and their videos."""

    channels: list[Channel] = field(default_factory=list)
    videos: list[Video] = field(default_factory=list)
    waiting: dict[Obstacle, list[Channel]] = field(default_factory=dict)
    unreadable: list[Channel] = field(default_factory=list)
    videos_seen: int = 0  # of channels under way, too
    failure: JobError | None = None  # what ended it early


@dataclass(eq=False)
class _Walk:
    """A channel under way."""

    channel: Channel
    calls_expected: int  # that are still to be answered
    calls_open: int = 0
    ids_seen: set[str] = field(default_factory=set)
    videos: list[Video] = field(default_factory=list)


def read(
    api: YouTube,
    channels: Iterable[Channel],
    limits: Limits,
    watch: Callable[[Reading], None],
) -> Reading:
    """Read the channels' videos, in the channels' order as far as the limits allow.

    A channel that isn't complete when reading ends is left out; the next run reads it. An error
    that would meet every channel (quota, key) ends the reading and is told in `failure`; one that
    meets a single channel makes that one `unreadable`. When YouTube can't answer, it may be either:
    the first channel is `unreadable`, and if the next one that ends isn't read either, or nothing
    is, YouTube is down.

    Args:
        api: YouTube; after this it repeats no call any more.
        channels: those that waited longest first.
        limits: what may be used.
        watch: called now and then with what was read so far; what it raises ends the reading.
    """
    with ThreadPoolExecutor(limits.workers) as pool:
        reader = _Reader(api, pool, limits, deque(channels))
        try:
            more = True
            while more:
                more = reader.step()
                watch(reader.reading)
            reader.judge_silence()
        finally:
            api.give_up()
            pool.shutdown(cancel_futures=True)
    return reader.reading


class _Reader:
    """Keeps a pool busy: with the next page of each channel's uploads, and each page's videos."""

    def __init__(
        self, api: YouTube, pool: ThreadPoolExecutor, limits: Limits, queue: deque[Channel]
    ) -> None:
        self.reading = Reading()
        self._api = api
        self._pool = pool
        self._limits = limits
        self._queue = queue
        self._deferred: list[Channel] = []
        self._walks: set[_Walk] = set()
        self._silence: TemporaryError | None = None  # met the channel that ended last
        self._calls: dict[Future[Any], tuple[_Walk, Callable[[_Walk, Any], None]]] = {}

    def step(self) -> bool:
        """Hand out calls and take the next answers. False when there is nothing left to do."""
        if not self._walks:  # what didn't fit beside others may fit now
            self._queue.extendleft(reversed(self._deferred))
            self._deferred.clear()
        while self._queue and len(self._calls) < self._limits.workers:
            self._begin(self._queue.popleft())
        done, _ = wait(self._calls, LOOK_AROUND_SECONDS, FIRST_COMPLETED)
        for future in done:
            self._take(future)
        if obstacle := self._limits.must_drop(len(self.reading.videos)):
            for channel in [*(w.channel for w in self._walks), *self._deferred, *self._queue]:
                self._let_wait(channel, obstacle)
            return False
        return self.reading.failure is None and bool(self._walks or self._deferred or self._queue)

    def judge_silence(self) -> None:
        """Call it a failure when YouTube could not answer and nothing was read."""
        if self._silence and not self.reading.channels:
            self.reading.failure = self.reading.failure or self._silence

    def _begin(self, channel: Channel) -> None:
        videos = channel.video_count or 0
        obstacle = self._limits.obstacle(
            videos,
            calls_ahead=sum(max(walk.calls_expected, walk.calls_open) for walk in self._walks),
            units_left=self._api.meter.left,
            call_seconds=self._api.seconds_per_call(),
            rows=len(self.reading.videos) + sum(w.channel.video_count or 0 for w in self._walks),
        )
        if obstacle and self._walks:
            self._deferred.append(channel)
            return
        if obstacle and not (obstacle is Obstacle.TIME and self._may_try()):
            self._let_wait(channel, obstacle)
            return
        walk = _Walk(channel, quota.channel_calls(videos))
        self._walks.add(walk)
        if channel.uploads_playlist_id is None:
            self._end_if_complete(walk)
        else:
            self._ask(walk, self._take_page, self._api.uploads, channel.uploads_playlist_id)

    def _may_try(self) -> bool:
        """Whether a channel is begun that seems too slow for a whole run: else it never would."""
        return not self.reading.channels and self._limits.must_drop(0) is None

    def _ask(
        self,
        walk: _Walk,
        then: Callable[[_Walk, Any], None],
        call: Callable[..., Any],
        *arguments: Any,
    ) -> None:
        self._calls[self._pool.submit(call, *arguments)] = (walk, then)
        walk.calls_open += 1

    def _take(self, future: Future[Any]) -> None:
        walk, then = self._calls.pop(future)
        if walk not in self._walks:  # dropped meanwhile
            return
        walk.calls_open -= 1
        walk.calls_expected -= 1
        try:
            then(walk, future.result())
        except BudgetSpentError:
            self._walks.remove(walk)
            self._let_wait(walk.channel, Obstacle.QUOTA)
        except _FATAL as error:
            self._walks.remove(walk)
            self.reading.failure = self.reading.failure or error
        except TemporaryError as error:
            self._walks.remove(walk)
            self._take_silence(walk.channel, error)
        except JobError as error:
            if not _means_no_videos(error, walk.channel):
                self._walks.remove(walk)
                self._set_aside(walk.channel, error)
        self._end_if_complete(walk)

    def _take_silence(self, channel: Channel, error: TemporaryError) -> None:
        told = TemporaryError(f"channel {_named(channel)} can't be read: {error}")
        if self._silence:
            self.reading.failure = self.reading.failure or told
        else:
            self._silence = told
            self._set_aside(channel, error)

    def _take_page(self, walk: _Walk, page: UploadsPage) -> None:
        playlist, channel_id = walk.channel.uploads_playlist_id, walk.channel.channel_id
        if page.next_page:
            self._ask(walk, self._take_page, self._api.uploads, playlist, page.next_page)
        # an upload during the walk moves a video onto the next page, where it comes once more
        if new := [video for video in page.video_ids if video not in walk.ids_seen]:
            walk.ids_seen.update(new)
            self._ask(walk, self._take_videos, self._api.videos, new, channel_id)

    def _take_videos(self, walk: _Walk, videos: list[Video]) -> None:
        walk.videos += videos
        self.reading.videos_seen += len(videos)

    def _end_if_complete(self, walk: _Walk) -> None:
        if walk in self._walks and not walk.calls_open:
            self._walks.remove(walk)
            self._silence = None
            self.reading.channels.append(walk.channel)
            self.reading.videos += walk.videos

    def _let_wait(self, channel: Channel, obstacle: Obstacle) -> None:
        self.reading.waiting.setdefault(obstacle, []).append(channel)

    def _set_aside(self, channel: Channel, error: JobError) -> None:
        logger.error(
            "channel %s can't be read: %s. Its history stays; the others go on",
            _named(channel),
            error,
        )
        self.reading.unreadable.append(channel)


def _named(channel: Channel) -> str:
    return f"{channel.channel_id} ({channel.title})"


def _means_no_videos(error: JobError, channel: Channel) -> bool:
    """Whether an error only says that a channel has no uploads: then there is no playlist."""
    return isinstance(error, UnavailableError) and not channel.video_count

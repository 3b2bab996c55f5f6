"""Asynchronous invocations: accept, execute, retry, give up.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

from __future__ import annotations

import logging
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Timer

from scripts.local_aws.functions.concurrency import ThrottledError
from scripts.local_aws.functions.endings import Ending, conclude
from scripts.local_aws.functions.event_settings import settings_of
from scripts.local_aws.functions.function import Function, describe
from scripts.local_aws.functions.invocations import Executor, Invocation, find
from scripts.local_aws.functions.outcome import Reply
from scripts.local_aws.functions.runtime_api import Event

log = logging.getLogger(__name__)

_WORKERS = 16
_LONGEST_BACKOFF = 300.0  # seconds between two attempts of a throttled event


@dataclass(frozen=True)
class Accepted:
    """An event that Lambda has accepted and must see through.

    Attributes:
        since: When it was accepted, in seconds since the epoch.
        executions: How often the function has been executed for it.
        throttlings: How often there was no free execution for it.
    """

    event: Event
    since: float
    executions: int = 0
    throttlings: int = 0

    def too_old_in(self, seconds: float) -> bool:
        """Whether its function doesn't want it any more after a while."""
        age = time.time() + seconds - self.since
        return age > settings_of(self.event.arn).longest_age


class AsyncQueue:
    """Lambda's internal queue of events."""

    def __init__(self, executor: Executor, retry_delays: tuple[float, float]) -> None:
        """Begin to take events.

        Args:
            retry_delays: Seconds before the first and before the second retry.
        """
        self._executor = executor
        self._retry_delays = retry_delays
        self._workers = ThreadPoolExecutor(_WORKERS, thread_name_prefix="async")

    def put(self, arn: str, payload: bytes) -> None:
        """Accept an event.

        Args:
            arn: Of the function, or of a version or alias of it.
            payload: JSON.
        """
        event = Event(arn, payload, str(uuid.uuid4()))
        self._workers.submit(self._see_through, Accepted(event, time.time()))

    def stop(self) -> None:
        """Take no more events, and forget those that wait."""
        self._workers.shutdown(wait=False, cancel_futures=True)

    def _see_through(self, accepted: Accepted) -> None:
        try:
            self._attempt(accepted)
        except Exception:
            event = accepted.event
            log.exception("the event %s of %s is lost", event.request_id, event.arn)

    def _attempt(self, accepted: Accepted) -> None:
        try:
            invocation = self._executor.execute(accepted.event)
        except ThrottledError as throttled:
            again = replace(accepted, throttlings=accepted.throttlings + 1)
            self._throttled(again, throttled.reserved)
            return
        executed = replace(accepted, executions=accepted.executions + 1)
        if invocation.reply.error is None:
            _conclude(executed, invocation.function, "Success", invocation.reply)
        else:
            self._failed(executed, invocation)

    def _failed(self, accepted: Accepted, invocation: Invocation) -> None:
        if accepted.executions > settings_of(accepted.event.arn).retries:
            _conclude(accepted, invocation.function, "RetriesExhausted", invocation.reply)
            return
        delay = self._retry_delays[accepted.executions - 1]
        if accepted.too_old_in(delay):
            _conclude(accepted, invocation.function, "EventAgeExceeded", invocation.reply)
        else:
            self._later(delay, accepted)

    def _throttled(self, accepted: Accepted, reserved: int) -> None:
        delay = min(2.0 ** (accepted.throttlings - 1), _LONGEST_BACKOFF)
        function = describe(find(accepted.event.arn))
        if reserved == 0:  # there will never be a free execution
            _conclude(accepted, function, "ZeroReservedConcurrency", None)
        elif accepted.too_old_in(delay):
            _conclude(accepted, function, "EventAgeExceeded", None)
        else:
            self._later(delay, accepted)

    def _later(self, delay: float, accepted: Accepted) -> None:
        timer = Timer(delay, self._again, [accepted])
        timer.daemon = True
        timer.start()

    def _again(self, accepted: Accepted) -> None:
        with suppress(RuntimeError):  # meanwhile stopped
            self._workers.submit(self._see_through, accepted)


def _conclude(accepted: Accepted, function: Function, condition: str, reply: Reply | None) -> None:
    conclude(Ending(accepted.event, function, condition, accepted.executions, reply))

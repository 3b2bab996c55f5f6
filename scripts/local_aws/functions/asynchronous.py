"""Asynchronous invocations: accept, execute, retry, give up.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

from __future__ import annotations

import logging
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from threading import Timer

from scripts.local_aws.functions.concurrency import ThrottledError
from scripts.local_aws.functions.endings import Ending, Event, conclude
from scripts.local_aws.functions.event_settings import settings_of
from scripts.local_aws.functions.function import describe
from scripts.local_aws.functions.invocations import Executor, Invocation, find

log = logging.getLogger(__name__)

_WORKERS = 16
_LONGEST_BACKOFF = 300.0  # seconds between two attempts of a throttled event


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

    def put(self, arn: str, payload: bytes) -> str:
        """Accept an event.

        Returns:
            Its request id.
        """
        event = Event(arn, payload, str(uuid.uuid4()), time.time())
        self._workers.submit(self._see_through, event)
        return event.request_id

    def stop(self) -> None:
        """Take no more events, and forget those that wait."""
        self._workers.shutdown(wait=False, cancel_futures=True)

    def _see_through(self, event: Event) -> None:
        try:
            self._attempt(event)
        except Exception:
            log.exception("the event %s of %s is lost", event.request_id, event.arn)

    def _attempt(self, event: Event) -> None:
        try:
            invocation = self._executor.execute(event.arn, event.request_id, event.payload)
        except ThrottledError as throttled:
            self._throttled(replace(event, throttlings=event.throttlings + 1), throttled.reserved)
            return
        event = replace(event, executions=event.executions + 1)
        if invocation.reply.error is None:
            conclude(event, Ending(invocation.function, "Success", invocation.reply))
        else:
            self._failed(event, invocation)

    def _failed(self, event: Event, invocation: Invocation) -> None:
        if event.executions > settings_of(event.arn).retries:
            ending = Ending(invocation.function, "RetriesExhausted", invocation.reply)
            conclude(event, ending)
            return
        delay = self._retry_delays[event.executions - 1]
        if self._too_old_in(delay, event):
            ending = Ending(invocation.function, "EventAgeExceeded", invocation.reply)
            conclude(event, ending)
            return
        self._later(delay, event)

    def _throttled(self, event: Event, reserved: int) -> None:
        delay = min(2.0 ** (event.throttlings - 1), _LONGEST_BACKOFF)
        if reserved == 0:  # there will never be a free execution
            conclude(event, Ending(describe(find(event.arn)), "ZeroReservedConcurrency", None))
        elif self._too_old_in(delay, event):
            conclude(event, Ending(describe(find(event.arn)), "EventAgeExceeded", None))
        else:
            self._later(delay, event)

    def _too_old_in(self, delay: float, event: Event) -> bool:
        return time.time() + delay - event.accepted > settings_of(event.arn).longest_age

    def _later(self, delay: float, event: Event) -> None:
        timer = Timer(delay, self._again, [event])
        timer.daemon = True
        timer.start()

    def _again(self, event: Event) -> None:
        with suppress(RuntimeError):  # meanwhile stopped
            self._workers.submit(self._see_through, event)

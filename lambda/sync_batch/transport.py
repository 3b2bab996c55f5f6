"""The connection to YouTube: it carries the API key and counts what is sent."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import httplib2

from batchworks.errors import JobError

TIMEOUT_SECONDS = 20


class BudgetSpentError(JobError):
    """The next call would cost more than this run may still spend."""


class Meter:
    """Counts quota units as they are spent and stops before there are too many. Thread-safe."""

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self.used = 0
        self._lock = threading.Lock()

    @property
    def left(self) -> int:
        """Units that may still be spent."""
        return self.budget - self.used

    def spend(self) -> None:
        """Count a call, which is about to be sent.

        Raises:
            BudgetSpentError: there is no unit left for it.
        """
        with self._lock:
            if self.used >= self.budget:
                raise BudgetSpentError(f"all {self.budget} quota units of this run are spent")
            self.used += 1


class Transport(httplib2.Http):
    """One thread's connection.

    The key travels as a header, so that no URL in a log or an error tells it. Requests are counted
    where they leave: httplib2 sends one a second time by itself when a connection was cut, and
    YouTube counts both.
    """

    def __init__(self, api_key: str, meter: Meter) -> None:
        super().__init__(timeout=TIMEOUT_SECONDS)
        self.follow_redirects = False  # the key must not follow to another host
        self._api_key = api_key

        class Plain(httplib2.HTTPConnectionWithTimeout):
            def request(self, *arguments: Any, **options: Any) -> None:
                meter.spend()
                super().request(*arguments, **options)

        class Encrypted(httplib2.HTTPSConnectionWithTimeout):
            def request(self, *arguments: Any, **options: Any) -> None:
                meter.spend()
                super().request(*arguments, **options)

        self._kinds = {"http": Plain, "https": Encrypted}

    def request(  # type: ignore[override]  # what googleapiclient calls it with
        self,
        uri: str,
        method: str = "GET",
        body: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[httplib2.Response, bytes]:
        try:
            answer: tuple[httplib2.Response, bytes] = super().request(
                uri,
                method,
                body=body,
                headers={**(headers or {}), "X-Goog-Api-Key": self._api_key},
                connection_type=self._kinds[uri.partition(":")[0]],
            )
        except Exception:
            self.close()  # httplib2 would use a connection again that broke within an answer
            raise
        return answer

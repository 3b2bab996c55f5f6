"""Writes rows; a database that restarts meanwhile is waited for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self, TypeVar

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_exponential

from scripts.archive import archive_list
from scripts.archive.archive_list import Entry

PATIENCE = 30.0
"""Seconds that a database may be away."""

_AWAY = (psycopg2.OperationalError, psycopg2.InterfaceError)
_T = TypeVar("_T")


class Recorder:
    """The archive list, as one run writes it.

    Args:
        connect: opens a session; it is called again when one is lost.
    """

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._patience = PATIENCE
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._drop()

    def check(self) -> None:
        """Make sure that the list can be reached.

        Raises:
            psycopg2.Error: it can't.
        """
        self._run(lambda connection: archive_list.markers(connection, "", []))

    def record(self, entries: Sequence[Entry]) -> None:
        """Add entries; they are committed when it returns. Doing it twice does no harm.

        Raises:
            psycopg2.Error: they are not.
        """
        self._run(lambda connection: archive_list.record(connection, entries))

    def markers(self, bucket: str, keys: Collection[str]) -> set[str]:
        """Which of these keys are markers that `archive put` wrote.

        Raises:
            psycopg2.Error: the list can't be read.
        """
        return self._run(lambda connection: archive_list.markers(connection, bucket, keys))

    def _run(self, work: Callable[[Connection], _T]) -> _T:
        """Do it, waiting for a database that is away; in vain only once."""
        waiting = Retrying(
            retry=retry_if_exception_type(_AWAY),
            stop=stop_after_delay(self._patience),
            wait=wait_exponential(0.2, max=5),
            reraise=True,
        )
        try:
            done: _T = waiting(self._once, work)
        except _AWAY:
            self._patience = 0.0
            raise
        return done

    def _once(self, work: Callable[[Connection], _T]) -> _T:
        try:
            if self._connection is None:
                self._connection = self._connect()
            return work(self._connection)
        except _AWAY:
            self._drop()
            raise

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg2.Error):
                connection.close()

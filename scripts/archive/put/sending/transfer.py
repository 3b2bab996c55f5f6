"""Archives originals: object, row, marker, in this order, so that a kill anywhere is repaired.

An object without a row is adopted by the next run, a row without a marker gets it. Rows and markers
are written by the caller's thread while others send: nothing is recorded that S3 has not verified.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from itertools import islice
from queue import Empty, SimpleQueue

import psycopg2

from scripts.archive import shares
from scripts.archive.archive_list import Entry
from scripts.archive.halt import Halt
from scripts.archive.put.originals import Original, Request
from scripts.archive.put.outcomes import Archived, Failed
from scripts.archive.put.sending import failures, mark
from scripts.archive.put.sending.record import Recorder
from scripts.archive.put.sending.upload import Sent, Uploads
from scripts.archive.put.tools import Tools

_SENDERS = 32  # threads; each waits for the share or for S3 most of the time
_WAITING = 400  # originals handed to them: enough to be busy while rows are written
_BATCH = 200  # rows that are committed together
_BATCH_SECONDS = 0.5  # and the longest that one waits for others

Outcome = Sent | Failed


def archive(
    originals: Iterable[Original],
    request: Request,
    tools: Tools,
    on_bytes: Callable[[int], None],
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[Archived | Failed]:
    """Archive each original, and say of each what became of it, in the order they are done.

    When one cause makes everything fail (no permission, no bucket, no database), the rest is not
    tried: it fails for that cause.

    Args:
        originals: read as they are needed; each key once.
        request: recorded with each of them.
        on_bytes: told the bytes that arrived, as they do; called by several threads.
        stopped: whether no further original is to be begun; asked by several threads.
    """
    halt = Halt()
    with Recorder(tools.connect) as recorder, closing(Uploads(tools, request, on_bytes)) as uploads:
        _reach(recorder, halt)
        send = _sender(uploads, tools, halt, stopped)
        with closing(_batches(originals, send, uploads.stop)) as batches:
            for batch in batches:
                yield from (outcome for outcome in batch if isinstance(outcome, Failed))
                sent = [outcome for outcome in batch if isinstance(outcome, Sent)]
                yield from _settle(sent, recorder, tools, halt)


def _reach(recorder: Recorder, halt: Halt) -> None:
    try:
        recorder.check()
    except psycopg2.Error as error:
        halt.now("record", *failures.explain_database(error))


def _sender(
    uploads: Uploads, tools: Tools, halt: Halt, stopped: Callable[[], bool]
) -> Callable[[Original], Outcome]:
    def send(original: Original) -> Outcome:
        if stopped():
            return failures.interrupted(original)
        if halt.cause:
            return Failed(original, *halt.cause)
        try:
            sent = uploads.send(original)
        except failures.ERRORS as error:
            code, message = failures.explain(error)
            if isinstance(error, failures.AWS_ERRORS):
                halt.failed("upload", code, message)
            return Failed(original, "upload", code, message)
        halt.succeeded()
        return replace(sent, entry=mark.intended(sent.entry, tools.shares, tools.marker_suffix))

    return send


def _batches(
    originals: Iterable[Original],
    send: Callable[[Original], Outcome],
    stop: Callable[[], None],
) -> Generator[list[Outcome], None, None]:
    """What was sent meanwhile, again and again until nothing is left.

    Args:
        stop: called when nobody waits for the rest.
    """
    remaining = iter(originals)
    done: SimpleQueue[Future[Outcome]] = SimpleQueue()
    pool = ThreadPoolExecutor(_SENDERS, "send")
    waiting = 0
    try:
        while True:
            for original in islice(remaining, _WAITING - waiting):
                pool.submit(send, original).add_done_callback(done.put)
                waiting += 1
            if not waiting:
                return
            batch = [future.result() for future in _take(done, min(waiting, _BATCH))]
            waiting -= len(batch)
            yield batch
    except BaseException:
        stop()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _take(done: SimpleQueue[Future[Outcome]], most: int) -> Iterator[Future[Outcome]]:
    yield done.get()
    latest = time.monotonic() + _BATCH_SECONDS
    for _ in range(most - 1):
        try:
            yield done.get(timeout=max(0.0, latest - time.monotonic()))
        except Empty:
            return


def _settle(
    sent: Sequence[Sent], recorder: Recorder, tools: Tools, halt: Halt
) -> Iterator[Archived | Failed]:
    """Record what was sent, then place its markers."""
    if not sent:
        return
    try:
        entries = _named([item.entry for item in sent], recorder, tools.marker_suffix)
        recorder.record(entries)
    except psycopg2.Error as error:
        cause = halt.now("record", *failures.explain_database(error))
        yield from (Failed(item.original, *cause) for item in sent)
        return
    problems = mark.write_all(entries, tools.shares)
    for item, entry, problem in zip(sent, entries, problems, strict=True):
        yield Archived(item.original, entry, item.adopted, problem)


def _named(entries: list[Entry], recorder: Recorder, suffix: str) -> list[Entry]:
    """The entries, with the marker's name also where it stands there already and is ours."""
    taken = {entry.key + suffix for entry in entries if entry.marker is None}
    if not taken:
        return entries
    ours = recorder.markers(entries[0].bucket, taken)
    return [
        replace(entry, marker=shares.name(entry.key) + suffix)
        if entry.key + suffix in ours
        else entry
        for entry in entries
    ]

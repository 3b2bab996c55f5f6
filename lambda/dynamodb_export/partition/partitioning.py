"""Moves what was exported from `dt=` to the partitions of its days.

A scan's object is whole as soon as it is there. A native export waits until it was verified; then
its data go first and its manifests last, so that where a manifest is, everything is. Whatever kills
a run, the next one does the rest: an object is deleted only after its copy was verified.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from batchworks.errors import JobError
from dynamodb_export import SERVICE, keys
from dynamodb_export.errors import NotFoundError, telling
from dynamodb_export.native import ledger_store
from dynamodb_export.native.ledger import WHOLE, in_status
from dynamodb_export.native.manifests import FILES, FOLDER, SUMMARY, Place, data_files
from dynamodb_export.partition.moving import ARCHIVED, Move, Outcome, move
from dynamodb_export.partition.report import Report

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_AT_ONCE = 16  # objects; most of a move is waiting for S3
_DONE = {Outcome.MOVED, Outcome.GONE, Outcome.PLANNED}

Watch = Callable[[Move, Outcome], None]

logger = logging.getLogger(SERVICE)


@dataclass(frozen=True, order=True)
class _Native:
    day: date
    table: str
    id: str


@dataclass(frozen=True)
class _Work:
    s3: S3Client
    bucket: str
    act: Callable[[Move], Outcome]  # moves an object, or only says that it would
    goes_on: Callable[[], bool]
    watch: Watch
    report: Report


def partition(
    s3: S3Client,
    bucket: str,
    *,
    dry: bool = False,
    goes_on: Callable[[], bool] = lambda: True,
    watch: Watch = lambda _move, _outcome: None,
) -> Report:
    """Move everything that can be moved. What can't doesn't stop the rest.

    Args:
        dry: change nothing.
        goes_on: whether there is time; what is under way when there is none is finished.
        watch: is told of each object.

    Raises:
        AwsError: the bucket can't be listed.
    """
    act = _plan if dry else partial(move, s3, goes_on=goes_on)
    work = _Work(s3, bucket, act, goes_on, watch, Report())
    natives: dict[_Native, Counter[Outcome]] = {}
    verified = cache(partial(_verified, work))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        _do(work, pool, _scans(work, natives))
        for native, objects in sorted(natives.items()):
            if not goes_on():
                work.report.finished = False
                break
            if objects[Outcome.ARCHIVED]:
                work.report.outcomes[Outcome.ARCHIVED] += objects.total()
                logger.warning(f"{_folder(work, native)} is in Glacier and stays")
            elif native.id in verified(native.table):
                _move_native(work, pool, native)
            else:
                work.report.waiting += 1
    if work.report.outcomes[Outcome.STOPPED]:
        work.report.finished = False
    return work.report


def _plan(what: Move) -> Outcome:
    logger.info(f"would move {what.source} to {what.target}")
    return Outcome.PLANNED


def _scans(work: _Work, natives: dict[_Native, Counter[Outcome]]) -> Iterator[Move]:
    """What scans wrote; native exports are noted for later."""
    for each in _listed(work, f"{keys.EXPORTS}dt="):
        if not work.goes_on():
            work.report.finished = False
            return
        key, archived = each["Key"], each.get("StorageClass") in ARCHIVED
        found = keys.exported(key)
        if found is None or not (found.scan or found.path.startswith(FOLDER)):
            work.report.unknown += 1
            logger.warning(f"s3://{work.bucket}/{key} is no export and stays")
        elif not found.scan:
            _note(natives, found, archived=archived)
        elif archived:
            work.report.outcomes[Outcome.ARCHIVED] += 1
            logger.warning(f"s3://{work.bucket}/{key} is in Glacier and stays")
        else:
            yield Move(work.bucket, key, keys.partitioned(found))


def _note(
    natives: dict[_Native, Counter[Outcome]], found: keys.Exported, *, archived: bool
) -> None:
    """Count an object of a native export; the data that incremental ones share belong to none."""
    folder, _, name = found.path.removeprefix(FOLDER).partition("/")
    if name and folder != "data":
        objects = natives.setdefault(_Native(found.day, found.table, folder), Counter())
        objects[Outcome.ARCHIVED if archived else Outcome.PLANNED] += 1


def _move_native(work: _Work, pool: ThreadPoolExecutor, native: _Native) -> None:
    try:
        for moves in _in_order(work, native):
            if not _do(work, pool, moves):
                return  # what comes later says that all this is there
    except JobError as error:
        _complain(work, f"{_folder(work, native)}: {error}")


def _in_order(work: _Work, native: _Native) -> Iterator[Iterable[Move]]:
    """Data, what else there is, the manifest of the data, the manifest of it all."""
    prefix = keys.native_prefix(native.table, native.day)
    place = Place(work.bucket, prefix, native.id)
    data = _data(work.s3, place)
    yield [_move(work, key) for key in data]
    done = set(data)
    rest = [each["Key"] for each in _listed(work, place.folder) if each["Key"] not in done]
    last = [place.folder + name for name in (FILES, SUMMARY)]
    yield [_move(work, key) for key in rest if not key.startswith(tuple(last))]
    for name in last:
        yield [_move(work, key) for key in rest if key.startswith(name)]


def _data(s3: S3Client, place: Place) -> list[str]:
    """Keys of the data files; none where the manifest, which goes after them, is gone."""
    try:
        return [file.key for file in data_files(s3, place)]
    except NotFoundError:
        return []


def _do(work: _Work, pool: ThreadPoolExecutor, moves: Iterable[Move]) -> bool:
    """Move objects, several at once; whether all are where they belong."""
    whole = True
    for what, result in _pooled(pool, work.act, moves):
        if isinstance(result, Outcome):
            work.report.outcomes[result] += 1
            work.watch(what, result)
            whole = whole and result in _DONE
        else:
            _complain(work, str(result))
            whole = False
    return whole


def _complain(work: _Work, trouble: str) -> None:
    logger.error(trouble)
    work.report.troubles.append(trouble)


def _pooled(
    pool: ThreadPoolExecutor, act: Callable[[Move], Outcome], moves: Iterable[Move]
) -> Iterator[tuple[Move, Outcome | JobError]]:
    """What became of each, as they are done; only so many are begun ahead."""
    remaining = iter(moves)
    running: set[Future[tuple[Move, Outcome | JobError]]] = set()
    while True:
        free = 2 * _AT_ONCE - len(running)
        running.update(pool.submit(_result, act, what) for what in islice(remaining, free))
        if not running:
            return
        done, running = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            yield future.result()


def _result(act: Callable[[Move], Outcome], what: Move) -> tuple[Move, Outcome | JobError]:
    try:
        return what, act(what)
    except JobError as error:
        return what, error


def _verified(work: _Work, table: str) -> set[str]:
    """The ids of a table's exports that were verified."""
    try:
        ledger = ledger_store.read(work.s3, work.bucket, table)
    except JobError as error:
        _complain(work, f"{table}: {error}")
        return set()
    return {export.id for export in in_status(ledger, *WHOLE)}


def _move(work: _Work, key: str) -> Move:
    found = keys.exported(key)
    assert found  # noqa: S101 - the key was made, or found, below the folder of an export
    return Move(work.bucket, key, keys.partitioned(found))


def _folder(work: _Work, native: _Native) -> str:
    prefix = keys.native_prefix(native.table, native.day)
    return f"s3://{Place(work.bucket, prefix, native.id).folder}"


def _listed(work: _Work, prefix: str) -> Iterator[dict[str, Any]]:
    with telling(f"list s3://{work.bucket}/{prefix}"):
        pages = work.s3.get_paginator("list_objects_v2").paginate(Bucket=work.bucket, Prefix=prefix)
        for page in pages:
            yield from page.get("Contents", [])  # type: ignore[misc]

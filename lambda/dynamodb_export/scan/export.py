"""Exports one table by scanning it, in as many runs as it takes.

    segments → pages as JSON → parts of a draft → the object

Whatever ends a run, the object is there whole or not at all. The next run of the same id goes on
from the last state that was saved: with each part, and when a run nears its time limit.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from batchworks.errors import JobError, TemporaryError
from dynamodb_export import clients as aws
from dynamodb_export import events, keys
from dynamodb_export.controls import Controls
from dynamodb_export.errors import NotFoundError, telling
from dynamodb_export.events import Kind
from dynamodb_export.scan import encode, pace, reading, state
from dynamodb_export.scan.draft import PART_BYTES, Draft
from dynamodb_export.scan.form import FORMS, packed
from dynamodb_export.scan.reading import Place
from dynamodb_export.scan.segments import Page, in_turn
from dynamodb_export.scan.state import State
from dynamodb_export.scan.store import Store, UploadGoneError
from dynamodb_export.settings import Settings, TablePlan

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient

_MARGIN_SECONDS = 60.0  # to save a state, or to copy some ten GB
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Clients:
    """How a scan reaches AWS."""

    dynamodb: DynamoDBClient  # of `reading.client`
    store: Store
    events: EventBridgeClient


def connect(settings: Settings) -> Clients:
    """The clients that settings lead to."""
    store = Store(aws.s3(settings.account_id), settings.bucket)
    return Clients(reading.client(settings.segments), store, aws.events())


@dataclass(frozen=True)
class Request:
    """Which export is asked for."""

    plan: TablePlan
    run: str  # id
    day: date  # UTC, of a new export
    only_continue: bool = False  # where there is no state, the export has ended


@dataclass(frozen=True)
class Result:
    """What a run did."""

    outcome: str  # complete, partial, stopped, or busy: there was nothing to continue
    message: str
    table: str
    run: str
    items: int = 0
    size: int = 0  # bytes of the object, as far as it is written
    location: str | None = None  # of the object that is complete


def run(
    settings: Settings,
    clients: Clients,
    request: Request,
    controls: Controls,
    part_bytes: int = PART_BYTES,
) -> Result:
    """Begin an export, or go on with it.

    Args:
        settings: the environment's.
        clients: as its settings lead to.
        request: what is asked for.
        controls: of the caller.
        part_bytes: what a part of the upload holds at least.

    Raises:
        JobError: the export failed; `TableExportFailed` is published. Unless the table or bucket
            is gone, a further run of the same id goes on.
    """
    job = _Job(settings, clients, request, controls, part_bytes)
    try:
        return _run(job)
    except Exception as error:
        _publish(
            job, Kind.FAILED, {"reason": str(error), "date": f"{request.day}"}, even_if_refused=True
        )
        raise


@dataclass(frozen=True)
class _Job:
    settings: Settings
    clients: Clients
    request: Request
    controls: Controls
    part_bytes: int


def _run(job: _Job) -> Result:
    request, store = job.request, job.clients.store
    found = state.load(store, request.plan.name, request.run)
    if found is None:
        if request.only_continue:
            return _result(request, "busy", "Nothing to continue: the export has ended")
        return _advance(job, _begin(job))
    _logger.info(f"going on after {found.items} items")
    try:
        return _advance(job, found)
    except UploadGoneError as error:
        _logger.warning(f"the export begins anew: {error}")
        state.discard(store, found)
        return _advance(job, _begin(job))


def _begin(job: _Job) -> State:
    settings, request = job.settings, job.request
    table = request.plan.name
    plan = pace.plan(request.plan.read_limit, _describe(job), settings.segments)
    return State(
        table=table,
        run=request.run,
        day=request.day,
        exported_at=_timestamp(),
        format=settings.format,
        gzip=settings.gzip,
        segments=settings.segments,
        page_items=plan.page_items,
        waiting=tuple(Place(segment) for segment in range(settings.segments)),
        draft=keys.scan_draft(table, request.run, uuid.uuid4().hex[:12]),
    )


def _advance(job: _Job, begun: State) -> Result:
    draft = Draft(job.clients.store, begun, job.part_bytes)
    try:
        ended = _write(job, draft)
    except NotFoundError:
        state.discard(job.clients.store, draft.state)
        raise
    if job.controls.stopped():
        state.discard(job.clients.store, draft.state)
        return _result(job.request, "stopped", "Export stopped", draft.state)
    if ended:
        return _complete(job, draft)
    if draft.state.waiting == begun.waiting:
        raise TemporaryError(
            f"the table {begun.table} gave no page in all the time of this run: repeat it, with "
            "more time or a higher read_limit"
        )
    return _pause(job, draft)


def _write(job: _Job, draft: Draft) -> bool:
    """Write pages until all are written or the time is up; whether all are."""
    table = _describe(job)
    job.controls.expect(table.get("ItemCount", 0))
    enough = _enough(job.controls)
    speed = pace.plan(job.request.plan.read_limit, table, draft.state.segments).pace
    turn = _turn(job, draft.state, speed)
    with in_turn(draft.state.waiting, turn, speed.wait, enough) as pages:
        for page in pages:
            draft.add(page)
            job.controls.watch(draft.state.items)
    if draft.state.waiting or job.controls.stopped():
        return False
    draft.close()
    return not enough()


def _turn(job: _Job, begun: State, speed: pace.Pace) -> Callable[[Place], Page]:
    """What the thread of a segment does in its turn."""
    separator = FORMS[begun.format].separator
    one_at_a_time = threading.Lock()  # parsed pages are what takes memory; the GIL lets one work

    def turn(place: Place) -> Page:
        answer = reading.fetch(
            job.clients.dynamodb, begun.table, place, begun.segments, begun.page_items
        )
        with one_at_a_time:
            read = reading.read(answer, begun.table)
            count, content = len(read.items), encode.items(read.items, begun.exported_at, separator)
        speed.spend(count, read.units)
        following = None if read.position is None else Place(place.segment, read.position)
        return Page(packed(content, gzip=begun.gzip), count, following)

    return turn


def _complete(job: _Job, draft: Draft) -> Result:
    done = draft.state
    location = draft.appear()
    _publish(
        job,
        Kind.COMPLETED,
        {"itemCount": done.items, "s3Location": location, "date": f"{done.day}"},
    )
    state.discard(job.clients.store, done)
    message = "Export completed successfully"
    return _result(job.request, "complete", message, done, location)


def _pause(job: _Job, draft: Draft) -> Result:
    draft.save()
    done = draft.state
    _publish(
        job,
        Kind.CONTINUED,
        {"continuation": done.run, "itemCount": done.items, "date": f"{done.day}"},
    )
    return _result(job.request, "partial", "Export in progress", draft.state)


def _enough(controls: Controls) -> Callable[[], bool]:
    margin = min(_MARGIN_SECONDS, controls.time_left() / 4)
    return lambda: controls.time_left() <= margin or controls.stopped()


def _describe(job: _Job) -> Mapping[str, Any]:
    table = job.request.plan.name
    with telling(f"describe the table {table}"):
        return job.clients.dynamodb.describe_table(TableName=table)["Table"]


def _publish(
    job: _Job, kind: Kind, fields: Mapping[str, Any], *, even_if_refused: bool = False
) -> None:
    detail = {
        "tableName": job.request.plan.name,
        "runId": job.request.run,
        "exportType": "SCAN",
        "environment": job.settings.environment,
        "timestamp": _timestamp(),
        **fields,
    }
    try:
        events.publish(job.clients.events, kind, detail)
    except JobError as error:
        if not even_if_refused:
            raise
        _logger.warning(f"{error}")


def _result(
    request: Request,
    outcome: str,
    message: str,
    reached: State | None = None,
    location: str | None = None,
) -> Result:
    items, size = (reached.items, reached.size) if reached else (0, 0)
    return Result(outcome, message, request.plan.name, request.run, items, size, location)


def _timestamp() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

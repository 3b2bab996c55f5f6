"""nas-sync on one machine: 5,000 files of a Japanese NAS made searchable, and a month later."""

from __future__ import annotations

import base64
import json
import os
import shutil
import time
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from opensearchpy import OpenSearch
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

import scripts.nas_sync  # noqa: F401  # lets nas_sync be imported
from nas_sync import STATE_MACHINE, keys, reasons
from nas_sync.images import extractor
from nas_sync.search import client, finding
from nas_sync.search.finding import Filters
from scripts.environments import REGION
from scripts.local_estate import nas_share, slack_receiver
from scripts.local_estate.deploy import Deployed
from scripts.local_estate.estate import Estate
from scripts.local_estate.nas_share import Expected, Month
from scripts.local_estate.nas_share.subject import ADDED, PROJECTS, REVISED
from scripts.local_estate.steps import console, step
from scripts.local_estate.systems.nas_sync import nas
from scripts.nas_sync import following
from scripts.nas_sync import search as searching
from scripts.nas_sync.stand_in import NAME as MODEL

FILES = 5000
SHOWN = 5  # hits of a search
MOST_PAYLOAD = 10 * 1024  # bytes that a state is handed or hands on
WORDS = ("見積書", "就業規則", f"請求書 {PROJECTS[0]}", REVISED, ADDED)
NEXT = """What to try next
  make up STACK=nas-sync             leave it running, with 300 files
  make nas-sync ENV=local            run the state machine and follow it
  make search ENV=local Q=見積書      find files by words, or with IMAGE=… by likeness
  make test                          everything that is promised here, proven"""


@dataclass(frozen=True)
class Place:
    """Where the demo happens."""

    estate: Estate
    outputs: Mapping[str, Any]
    search: OpenSearch


@dataclass(frozen=True)
class Run:
    """An execution that has ended."""

    status: str
    batch: str
    seconds: float
    payload: int  # bytes of the largest that a state was handed, or handed on
    notice: Mapping[str, str]  # subject and message


def demo(deployed: Deployed) -> bool:
    """Fill the NAS, synchronise it, search; change it as a month does, and do it all again."""
    os.environ.update(deployed.estate.environment())
    endpoint = deployed.outputs["search"]["endpoint"]
    place = Place(deployed.estate, deployed.outputs, client.connect(endpoint, REGION))
    folder = nas(deployed.estate)

    console.rule("the NAS, and its first sync")
    with step(f"write {FILES:,} files to the NAS"):
        _empty(folder)
        before = nas_share.make_share(folder, FILES)
    _show_share(before)
    first = _run(place, "initial")
    went_well = _reconciled(place, first, before) and _found(place, before)

    console.rule("a month later")
    with step("people change, add, move and delete files"):
        month = nas_share.a_month_later(folder, before)
    second = _run(place, "monthly_scheduled")
    told = _told(before, month)
    went_well &= _reconciled(place, second, month.files) and _changes(place, second, told)
    went_well &= _found(place, month.files)

    console.rule("what people are told")
    _show_notices(place, second)
    _show_dashboard(place)
    return _figures(first, second) and went_well


def _empty(folder: Path) -> None:
    """Take away what the estate put there, or a demo before this one."""
    shutil.rmtree(folder)
    folder.mkdir()


def _transferred(files: Sequence[Expected]) -> list[Expected]:
    return [file for file in files if file.status != "excluded"]


def _show_share(files: Sequence[Expected]) -> None:
    counts = Counter((file.kind, file.status, file.reason) for file in files)
    table = Table(title="What lies on the NAS", title_justify="left")
    for name in ("kind", "what should become of it", "why", "files"):
        table.add_column(name, justify="right" if name == "files" else "left")
    for (kind, status, reason), count in counts.most_common():
        table.add_row(kind, status, reasons.explanation(reason) if reason else "", f"{count:,}")
    console.print(table)


def _run(place: Place, batch_type: str) -> Run:
    """Start the state machine and follow it to its end."""
    states = place.estate.aws.client("stepfunctions")
    began = time.monotonic()
    given = {"batch_type": batch_type, "batch_date": f"{datetime.now(UTC):%Y-%m-%d}"}
    with step(f"start {STATE_MACHINE}: {batch_type}"):
        arn = states.start_execution(
            stateMachineArn=place.outputs["state_machine"]["arn"], input=json.dumps(given)
        )["executionArn"]
    for line in following.follow(states, arn, lambda _: time.sleep(1)):
        console.print(f"    {line}", markup=False, soft_wrap=True)
    seconds = time.monotonic() - began
    ended = states.describe_execution(executionArn=arn)
    console.print(
        f"{ended['status']} after {seconds:.0f} s  {ended.get('cause', '')}", markup=False
    )
    pages = states.get_paginator("get_execution_history").paginate(executionArn=arn)
    told = [text for page in pages for event in page["events"] for text in _payloads(event)]
    last: dict[str, Any] = json.loads(told[-1]) if told else {}
    return Run(
        status=ended["status"],
        batch=last.get("scan", {}).get("batch", ""),
        seconds=seconds,
        payload=max((len(text.encode()) for text in told), default=0),
        notice=last.get("notice", {}),
    )


def _payloads(event: Mapping[str, Any]) -> list[str]:
    entered = event.get("stateEnteredEventDetails", {}).get("input")
    left = event.get("stateExitedEventDetails", {}).get("output")
    return [text for text in (entered, left) if text]


def _reconciled(place: Place, run: Run, files: Sequence[Expected]) -> bool:
    """Show the reconciliation, and whether it says what the files are."""
    if run.status != "SUCCEEDED":
        return False
    report = _report(place, run)
    wanted = Counter(file.status for file in _transferred(files))
    why = Counter(file.reason for file in _transferred(files) if file.reason)
    rows = [
        ("S3", report["scanned"], wanted.total()),
        ("OpenSearch", report["opensearch"], wanted.total()),
        ("DynamoDB", report["dynamodb"], wanted.total()),
        *((status, report[status], wanted[status]) for status in ("indexed", "skipped", "failed")),
        *(
            (f"  {reasons.explanation(code)}", report["reasons"].get(code, 0), why[code])
            for code in sorted({*why, *report["reasons"]})
        ),
    ]
    return _show_comparison("Reconciliation", rows)


def _told(before: Sequence[Expected], month: Month) -> dict[str, int]:
    """What two listings tell of a month, by how the report calls it.

    Empty files are all alike, so those that moved count as deleted and new; so do those that
    changed, too. What couldn't be read is tried again wherever it is: as if it were new.
    """
    was, now = ({file.path: file for file in _transferred(each)} for each in (before, month.files))
    known = [now[path] for path in month.moved.values() if now[path].reason != "empty"]
    moved = sum(file.status != "failed" for file in known)
    return {
        "new": len(now.keys() - was.keys()) - moved,
        "changed": len(was.keys() & set(month.changed)),
        "moved": moved,
        "deleted": len(was.keys() - now.keys()) - len(known),
        "archived": len(was.keys() - now.keys()) - len(known),
    }


def _changes(place: Place, run: Run, wanted: Mapping[str, int]) -> bool:
    report = _report(place, run)
    rows = [(name, report[name], count) for name, count in wanted.items()]
    return _show_comparison("What happened within the month", rows)


def _report(place: Place, run: Run) -> Mapping[str, Any]:
    key = keys.report(run.batch, keys.REPORT)
    bucket = place.outputs["buckets"]["raw"]
    body = place.estate.aws.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    report: Mapping[str, Any] = json.loads(body)
    return report


def _show_comparison(title: str, rows: Sequence[tuple[str, int, int]]) -> bool:
    table = Table(title=title, title_justify="left")
    for name in ("", "files", "on the NAS"):
        table.add_column(name, justify="right" if name else "left")
    for name, found, wanted in rows:
        mark = "" if found == wanted else "  [bold red]DIFFERENT[/]"
        table.add_row(name, f"{found:,}", f"{wanted:,}{mark}")
    console.print(table)
    return all(found == wanted for _, found, wanted in rows)


def _found(place: Place, files: Sequence[Expected]) -> bool:
    """Search for words and for an image; whether the answers are those that the files give."""
    place.search.indices.refresh(index="files,images")
    rows = []
    for words in WORDS:
        page = finding.by_words(place.search, ["files", "images"], words, Filters())
        searching.show(console, replace(page, hits=page.hits[:SHOWN]), words, likeness=False)
        wanted = sum(set(words.split()) <= set(file.words) for file in _transferred(files))
        rows.append((words, page.total or 0, wanted))
    return _show_comparison("Full-text search", rows) & _alike(place, files)


def _alike(place: Place, files: Sequence[Expected]) -> bool:
    """Whether those that show the same as an image are found before all others."""
    one = next(file for file in files if file.scene is not None)
    same = {file.path for file in files if file.scene == one.scene and file.status == "indexed"}
    look = extractor.start({"model": str(place.estate.home / MODEL), "threads": 1})
    answer = look(nas(place.estate) / one.path, one.path)
    vector = list(array("f", base64.b64decode(answer["vector"])))
    page = finding.by_likeness(place.search, "images", vector, Filters())
    shown = replace(page, hits=page.hits[: len(same) + 1])
    searching.show(console, shown, one.path, likeness=True)
    nearest = {hit.file["file_path"] for hit in page.hits[: len(same)]}
    row = ("that show the same, before all others", len(nearest & same), len(same))
    return _show_comparison("Search by an image", [row])


def _show_notices(place: Place, run: Run) -> None:
    mail = f"{run.notice.get('subject')}\n\n{run.notice.get('message')}"
    console.print(Panel(escape(mail), title="the mail", title_align="left"))
    for message in slack_receiver.messages(place.estate.home)[-1:]:
        console.print(Panel(escape(message["text"]), title="in Slack", title_align="left"))


def _show_dashboard(place: Place) -> None:
    cloudwatch = place.estate.aws.client("cloudwatch")
    name = place.outputs["dashboard_name"]
    body = json.loads(cloudwatch.get_dashboard(DashboardName=name)["DashboardBody"])
    table = Table(title=name, title_justify="left")
    table.add_column("graph")
    table.add_column("metrics", overflow="fold")
    for widget in body["widgets"]:
        graph = widget["properties"]
        metrics = dict.fromkeys(metric[1] for metric in graph["metrics"])
        table.add_row(graph["title"], f"{graph['stat']} of {', '.join(metrics)}")
    console.print(table)


def _figures(first: Run, second: Run) -> bool:
    payload = max(first.payload, second.payload)
    facts = {
        "first sync": f"{first.seconds:.0f} s, {FILES / first.seconds:.0f} files a second",
        "a month later": f"{second.seconds:.0f} s, {first.seconds / second.seconds:.1f} × faster",
        "largest payload of a state": f"{payload:,} bytes, at most {MOST_PAYLOAD:,}",
    }
    table = Table(title="Figures", title_justify="left", show_header=False)
    for name, value in facts.items():
        table.add_row(name, value)
    console.print(table)
    return payload < MOST_PAYLOAD

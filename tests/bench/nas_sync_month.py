"""nas-sync: a first sync and the months after it, from the NAS to the reconciliation."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from scripts.background import NotStartedError
from scripts.local_aws.nas import folder_on_nas
from scripts.local_estate import estate, nas_share
from scripts.local_estate.deploy import Deployed, deploy
from scripts.local_estate.systems.nas_sync import SERVER, SHARE
from tests.bench.frame import Figure, skipped, times_faster

_FILES = 10_000
_CHANGED = 0.1
_TITLE = f"second month of {_FILES:,} files, {_CHANGED:.0%} of them changed"
_LOOK_SECONDS = 0.2
_TOLD = 1  # seconds that a step takes which is worth telling


@dataclass(frozen=True)
class _Run:
    seconds: float
    steps: str  # which took how long


def months(home: Path) -> Iterator[Figure]:
    """Run nas-sync's state machine on 10,000 files, and each month after (ten minutes)."""
    folder = folder_on_nas(home, SERVER, SHARE)
    before = nas_share.make_share(folder, _FILES)
    try:
        deployed = deploy("nas-sync", home)
    except NotStartedError as error:
        yield skipped(_TITLE, str(error))
        return
    try:
        first = _run(deployed, "initial")
        nas_share.revise(folder, before, _CHANGED)
        second = _run(deployed, "monthly_scheduled")
        nas_share.a_month_later(folder, before)
        third = _run(deployed, "monthly_scheduled")
    finally:
        estate.stop(home)
    yield times_faster(_TITLE, second.seconds, "first sync", first.seconds, at_least=6)
    told = {
        "first sync": first,
        "second month": second,
        "third month, with new, moved and deleted files": third,
    }
    for title, run in told.items():
        yield Figure(
            title,
            f"{run.seconds:.0f} s",
            run.steps,
            f"{_FILES / run.seconds:.0f} files/s",
            "–",
            met=True,
        )


BENCHMARKS = (months,)


def _run(deployed: Deployed, batch_type: str) -> _Run:
    """Let the state machine run to its end."""
    states = deployed.estate.aws.client("stepfunctions")
    began = time.perf_counter()
    arn = states.start_execution(
        stateMachineArn=deployed.outputs["state_machine"]["arn"],
        input=json.dumps({"batch_type": batch_type}),
    )["executionArn"]
    while (ended := states.describe_execution(executionArn=arn))["status"] == "RUNNING":
        time.sleep(_LOOK_SECONDS)
    seconds = time.perf_counter() - began
    if ended["status"] != "SUCCEEDED":
        raise RuntimeError(f"the run {batch_type} ended {ended['status']}: {ended.get('cause')}")
    pages = states.get_paginator("get_execution_history").paginate(executionArn=arn)
    return _Run(seconds, _steps(event for page in pages for event in page["events"]))


def _steps(events: Iterable[Mapping[str, Any]]) -> str:
    """The steps that took a second or more."""
    entered: dict[str, datetime] = {}
    took: Counter[str] = Counter()
    for event in events:
        if begun := event.get("stateEnteredEventDetails"):
            entered[begun["name"]] = event["timestamp"]
        if (left := event.get("stateExitedEventDetails")) and left["name"] in entered:
            took[left["name"]] += (event["timestamp"] - entered.pop(left["name"])).total_seconds()
    return ", ".join(f"{name} {spent:.0f} s" for name, spent in took.items() if spent >= _TOLD)

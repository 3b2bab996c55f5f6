"""`run`: starts the state machine and tells each of its states until it ends."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape

from batchworks.errors import SettingsError
from nas_sync import STATE_MACHINE, clients
from scripts.environments import Environment, function_name
from scripts.exits import Exit
from scripts.nas_sync import deployed
from scripts.runs import TOKYO

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient
    from mypy_boto3_stepfunctions.type_defs import HistoryEventTypeDef

_SECONDS = 5  # between two looks
_NAMES = {"initial": "initial-sync", "manual": "manual-execution", "monthly_scheduled": "monthly"}
# What is worth telling of a state's result: `$.<field>` in its output.
_TOLD = {
    "ScanTransferredFiles": "scan",
    "ReviewResults": "review",
    "ArchiveDeletedFiles": "archived",
    "Reconcile": "reconciled",
}


class BatchType(StrEnum):
    """What a run is told it is."""

    INITIAL = "initial"
    MONTHLY = "monthly_scheduled"
    MANUAL = "manual"


@dataclass(frozen=True)
class Request:
    """What a run is asked for."""

    batch_type: BatchType = BatchType.MANUAL
    reason: str = ""
    full_sync: bool = False
    resume: str = ""  # a batch, exec-…
    release_brake: bool = False

    def input(self) -> str:
        """As the state machine takes it."""
        given = {
            "batch_type": self.batch_type.value,
            "reason": self.reason,
            "full_sync": self.full_sync,
            "resume": self.resume,
            "release_brake": self.release_brake,
        }
        return json.dumps({name: value for name, value in given.items() if value})


def run(env: Environment, request: Request, console: Console) -> Exit:
    """Start a run, follow it, and exit as it ended.

    Raises:
        SettingsError: nothing is deployed there.
    """
    deployed.enter(env)
    client = clients.stepfunctions()
    machine = state_machine(client, function_name(STATE_MACHINE, env))
    name = f"{_NAMES[request.batch_type]}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    execution = client.start_execution(stateMachineArn=machine, name=name, input=request.input())[
        "executionArn"
    ]
    console.print(f"started {execution}")
    console.print("Ctrl-C stops following; the run itself goes on")
    for line in follow(client, execution):
        console.print(line, markup=False)
    ended = client.describe_execution(executionArn=execution)
    if ended["status"] == "SUCCEEDED":
        console.print("[green]succeeded[/]")
        return Exit.DONE
    told = f"{ended.get('error', '')}: {ended.get('cause', '')}"
    console.print(f"[bold red]{ended['status'].lower()}[/]  {escape(told)}")
    return Exit.FAILED


def state_machine(client: SFNClient, name: str) -> str:
    """The ARN of a state machine.

    Raises:
        SettingsError: there is none of that name.
    """
    for page in client.get_paginator("list_state_machines").paginate():
        for found in page["stateMachines"]:
            if found["name"] == name:
                return found["stateMachineArn"]
    raise SettingsError(
        f"there is no state machine {name}: deploy the stack {deployed.STACK} there first"
    )


def follow(
    client: SFNClient, execution: str, sleep: Callable[[float], None] = time.sleep
) -> Iterator[str]:
    """A line for each state that begins, and for what some of them found, as they come."""
    seen = 0
    while True:
        running = client.describe_execution(executionArn=execution)["status"] == "RUNNING"
        for event in _since(client, execution, seen):
            seen = event["id"]
            if line := _line(event):
                yield f"{event['timestamp'].astimezone(TOKYO):%H:%M:%S}  {line}"
        if not running:
            return
        sleep(_SECONDS)


def _since(client: SFNClient, execution: str, seen: int) -> list[HistoryEventTypeDef]:
    """The events after one. The latest pages come first: most of a history isn't read again."""
    found: list[HistoryEventTypeDef] = []
    pages = client.get_paginator("get_execution_history").paginate(
        executionArn=execution, reverseOrder=True
    )
    for page in pages:
        new = [event for event in page["events"] if event["id"] > seen]
        found += new
        if len(new) < len(page["events"]):
            break
    return sorted(found, key=itemgetter("id"))


def _line(event: HistoryEventTypeDef) -> str | None:
    if entered := event.get("stateEnteredEventDetails"):
        return entered["name"]
    left = event.get("stateExitedEventDetails")
    if left is None or left["name"] not in _TOLD:
        return None
    counts = _counts(json.loads(left.get("output", "{}")), _TOLD[left["name"]])
    return f"    {counts}" if counts else None


def _counts(output: Mapping[str, Any], field: str) -> str:
    found = output.get(field)
    if not isinstance(found, Mapping):
        return ""
    numbers = {name: value for name, value in found.items() if type(value) in {int, float}}
    return ", ".join(f"{name} {value:,}" for name, value in numbers.items())

"""What a system test does to a deployed stack, and what it can see of it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import psutil
import pytest

from scripts.local_aws.client import LocalAws
from scripts.local_estate import estate, postgres
from scripts.local_estate.deploy import deploy
from scripts.local_estate.estate import Estate
from scripts.terraform import Stack
from tests.system.inventory import Inventory, inventory

WAIT_SECONDS = 60


@dataclass(frozen=True)
class System:
    """The deployed stack and the estate around it.

    A system with more to show is a subclass, in the conftest of its own folder.

    Attributes:
        estate: where it runs.
        stack: as Terraform is told it.
        outputs: of the stack.
        before: what the account held before the apply.
    """

    estate: Estate
    stack: Stack
    outputs: dict[str, Any]
    before: Inventory

    database: ClassVar[str] = postgres.DATABASE

    @property
    def aws(self) -> LocalAws:
        return self.estate.aws

    def client(self, service: str) -> Any:
        return self.aws.client(service)

    def inventory(self) -> Inventory:
        """What the account holds now."""
        return inventory(self.client)

    def put_event(self, detail: object, **changes: str) -> str:
        """Put an event on the bus, as `aws events put-events` does; its id is returned."""
        entry = {
            "Source": "batch-scheduler",
            "DetailType": "manual-trigger",
            "Detail": json.dumps(detail),
            **changes,
        }
        answer = self.client("events").put_events(Entries=[entry])
        assert answer["FailedEntryCount"] == 0, answer
        return str(answer["Entries"][0]["EventId"])

    def rows(self, query: str, *arguments: object) -> list[tuple[Any, ...]]:
        """What the database answers; a statement without an answer gives no rows."""
        with closing(self._session()) as connection, connection, connection.cursor() as cursor:
            cursor.execute(query, arguments)
            return cursor.fetchall() if cursor.description else []

    def value(self, query: str) -> Any:
        return self.rows(query)[0][0]

    def handlers(self) -> list[psutil.Process]:
        """The processes in which the function's code runs."""
        children = psutil.Process(self.aws.pid).children(recursive=True)
        return [child for child in children if "awslambdaric" in command_line(child)]

    def kill_handlers(self) -> None:
        """`kill -9` every process that runs the function."""
        for process in self.handlers():
            with suppress(psutil.NoSuchProcess):
                process.kill()

    def metric(self, namespace: str, name: str, **dimensions: str) -> float:
        """Sum of a CloudWatch metric over the last hour."""
        now = datetime.now(UTC)
        points = self.client("cloudwatch").get_metric_statistics(
            Namespace=namespace,
            MetricName=name,
            Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
            StartTime=now - timedelta(hours=1),
            EndTime=now + timedelta(minutes=1),
            Period=3600,
            Statistics=["Sum"],
        )["Datapoints"]
        return float(sum(point["Sum"] for point in points))

    @contextmanager
    def locked(self, table: str) -> Iterator[None]:
        """Hold a table, so that a run that comes to write it has to wait."""
        with closing(self._session()) as connection:
            connection.cursor().execute(f"LOCK TABLE {table} IN SHARE MODE")
            yield

    def _session(self) -> Any:
        return self.estate.database.connect(self.database)


Kind = TypeVar("Kind", bound=System)


def applied(stack: str, kind: type[Kind]) -> Any:
    """A fixture: the stack, applied by real Terraform to the estate of the session.

    Args:
        stack: a folder of terraform/stacks.
        kind: `System`, or what a system's own tests make of it.
    """

    @pytest.fixture(scope="session")
    def system(home: Path) -> Kind:
        running = estate.running(home)
        assert running, "the fixture `home` has started it"
        estate.lend(running, stack)
        before = inventory(running.aws.client)
        deployed = deploy(stack, home)
        return kind(deployed.estate, deployed.stack, deployed.outputs, before)

    return system


def command_line(process: psutil.Process) -> str:
    """How a process was started; nothing when it has ended meanwhile."""
    try:
        return " ".join(process.cmdline())
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return ""


def eventually(condition: Callable[[], object], what: str) -> None:
    """Wait until something is true, at most a minute."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"waited {WAIT_SECONDS} s in vain: {what}"
        time.sleep(0.1)

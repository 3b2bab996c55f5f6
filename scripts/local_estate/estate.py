"""Starts, finds again and stops what the stacks of a company share: AWS, PostgreSQL, a network."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts import background
from scripts.local_aws import LocalAws, LocalAwsError, Pace, client
from scripts.local_aws.account import REGION
from scripts.local_estate import postgres, seed, systems

RESTORE_SECONDS = 300.0  # stand for the 12 to 48 hours that Deep Archive takes
LASTING = Path(".local/up")  # the estate of `make up`; demos and tests have their own


@dataclass(frozen=True)
class Estate:
    """A running estate: its folder, what runs in it, and the network of every stack."""

    home: Path
    aws: LocalAws
    database: postgres.Postgres
    network: Mapping[str, Any] = field(default_factory=dict)

    @property
    def told_home(self) -> Path:
        """The folder as a person types it."""
        return Path(os.path.relpath(self.home))

    def terraform_settings(self, stack: str) -> Path:
        """The variables of a stack that only exist once the estate runs, as a .tfvars.json file."""
        return self.home / f"{stack}.tfvars.json"

    def environment(self) -> dict[str, str]:
        """Variables that point boto3, the AWS CLI and Terraform at this estate."""
        return {
            "AWS_ACCESS_KEY_ID": "operator",
            "AWS_SECRET_ACCESS_KEY": "operator",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_MAX_ATTEMPTS": "2",
            "AWS_ENDPOINT_URL": self.aws.endpoint,
            "AWS_ENDPOINT_URL_S3_CONTROL": self.aws.control_endpoint,
            "CHECKPOINT_DISABLE": "1",
        }


def start(home: Path, *, retry_delays: tuple[float, float] = (1, 2)) -> Estate:
    """Start PostgreSQL and the local AWS, and give the account its network.

    Args:
        home: folder of this estate; the databases in it outlive the servers.
        retry_delays: seconds before the first and second retry of an asynchronous invocation.

    Raises:
        NotStartedError: a server did not start; the others are stopped again.
    """
    stop(home)
    home.mkdir(parents=True, exist_ok=True)
    home = home.resolve()
    try:
        database = _start_servers(home, retry_delays)
        aws = LocalAws.running_in(home)
        seed.bucket(aws.client, seed.STATE_BUCKET)
        found = Estate(home, aws, database, seed.network(aws.client))
    except BaseException:
        stop(home)
        raise
    _remember(found)
    return found


def running(home: Path = LASTING) -> Estate | None:
    """The estate that was started in `home`, if it still runs."""
    home = home.resolve()
    try:
        kept = json.loads((home / "estate.json").read_text())
        aws = LocalAws.running_in(home)
    except (FileNotFoundError, LocalAwsError):
        return None
    if not aws.answers():
        return None
    database = postgres.Postgres(home / "postgres", kept["port"], kept["password"])
    return Estate(home, aws, database, kept["network"])


def lend(estate: Estate, stack: str) -> None:
    """Start what a stack needs besides, make what it is lent, and write its Terraform settings.

    What is there already stays as it is.

    Raises:
        NotStartedError: a server did not start.
    """
    postgres.keep_up(estate.database)
    system = systems.of(stack)
    for server in system.servers:
        ready = estate.home / server.ready
        if not background.is_running(ready):
            background.start(server.module, ready, "--home", str(estate.home))
    settings = {"network": estate.network, **system.lend(estate)}
    estate.terraform_settings(stack).write_text(json.dumps(settings, indent=2))


def stop(home: Path = LASTING) -> None:
    """Stop what `start` and `lend` started; what is gone already is no error."""
    home = home.resolve()
    lent = [server.ready for system in systems.known().values() for server in system.servers]
    for ready in (client.ANNOUNCEMENT, *lent):
        background.stop(home / ready)
    for system in systems.known().values():
        system.take_back(home)
    postgres.stop(home / "postgres")
    (home / "estate.json").unlink(missing_ok=True)
    for settings in home.glob("*.tfvars.json"):
        settings.unlink()


def _start_servers(home: Path, retry_delays: tuple[float, float]) -> postgres.Postgres:
    with ThreadPoolExecutor() as pool:
        database = pool.submit(postgres.start, home / "postgres")
        aws = pool.submit(
            background.start,
            client.MODULE,
            home / client.ANNOUNCEMENT,
            *client.serve_arguments(home, Pace(retry_delays, restore_seconds=RESTORE_SECONDS)),
        )
    aws.result()
    return database.result()


def _remember(estate: Estate) -> None:
    file = estate.home / "estate.json"
    file.touch(mode=0o600)
    server = estate.database
    kept = {"port": server.port, "password": server.password, "network": dict(estate.network)}
    file.write_text(json.dumps(kept))

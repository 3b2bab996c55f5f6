"""Starts, finds again and stops everything the stacks need around them."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from scripts import youtube_stand_in
from scripts.local_estate import postgres, processes
from scripts.local_estate.seed import REGION, seed

LASTING = Path(".local/up")  # the estate of `make up`; demos and tests have their own
_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "operator",
    "AWS_SECRET_ACCESS_KEY": "operator",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_REGION": REGION,
    "AWS_MAX_ATTEMPTS": "2",
}


@dataclass(frozen=True)
class Estate:
    """A running estate: where each part answers."""

    home: Path
    endpoint: str
    youtube: str
    database: postgres.Postgres

    @property
    def terraform_settings(self) -> Path:
        """The variables that only exist once the estate runs, as a .tfvars.json file."""
        return self.home / "estate.tfvars.json"

    def environment(self) -> dict[str, str]:
        """Variables that point boto3, the AWS CLI and Terraform at this estate."""
        return {**_CREDENTIALS, "AWS_ENDPOINT_URL": self.endpoint, "CHECKPOINT_DISABLE": "1"}

    def job_settings(self) -> dict[str, str]:
        """Settings with which sync-batch runs on this machine against this estate."""
        return {
            "DB_HOST": postgres.HOST,
            "DB_PORT": str(self.database.port),
            "DB_PASSWORD": self.database.password,
            "DB_SSLMODE": "disable",
            "YOUTUBE_ENDPOINT": self.youtube,
            "YOUTUBE_API_KEY": youtube_stand_in.KEY,
            "YOUTUBE_CHANNELS": ",".join(channels()),
            "CSV_FOLDER": str(self.home / "csv"),
        }

    def client(self, service: str) -> Any:
        """A boto3 client of an operator with every right."""
        return boto3.client(
            service,  # type: ignore[call-overload]  # any service, named by the caller
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id=_CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=_CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        )


def channels() -> list[str]:
    """The channels of the YouTube stand-in, as an operator would list them: handles and ids."""
    handles, channel_ids = youtube_stand_in.DEMO.handles, youtube_stand_in.DEMO.channel_ids
    return [*handles[:4], *channel_ids[4:]]


def start(home: Path, *, retry_delays: tuple[float, float] = (1, 2)) -> Estate:
    """Start PostgreSQL, the local AWS and the YouTube stand-in, and seed the account.

    Args:
        home: folder of this estate; the database in it outlives the servers.
        retry_delays: seconds before the first and second retry of an asynchronous invocation.
    """
    stop(home)
    home.mkdir(parents=True, exist_ok=True)
    home = home.resolve()
    delays = ",".join(str(delay) for delay in retry_delays)
    with ThreadPoolExecutor() as pool:
        database = pool.submit(postgres.start, home / "postgres")
        aws = pool.submit(
            processes.start,
            "scripts.local_aws",
            home / "aws.json",
            "serve",
            "--home",
            str(home),
            "--retry-delays",
            delays,
        )
        youtube = pool.submit(
            processes.start,
            "scripts.youtube_stand_in",
            home / "youtube.json",
            "--home",
            str(home),
        )
    estate = Estate(home, aws.result()["endpoint"], youtube.result()["endpoint"], database.result())
    settings = seed(estate.client, estate.database, estate.youtube, channels())
    estate.terraform_settings.write_text(json.dumps(settings, indent=2))
    _remember(estate)
    return estate


def running(home: Path = LASTING) -> Estate | None:
    """The estate that was started in `home`, if it still runs."""
    home = home.resolve()
    try:
        found = json.loads((home / "estate.json").read_text())
    except FileNotFoundError:
        return None
    if not (home / "aws.json").exists():
        return None
    database = postgres.Postgres(home / "postgres", found["port"], found["password"])
    return Estate(home, found["endpoint"], found["youtube"], database)


def stop(home: Path = LASTING) -> None:
    """Stop what `start` started; what is gone already is no error."""
    home = home.resolve()
    for ready in ("aws.json", "youtube.json"):
        processes.stop(home / ready)
    postgres.stop(home / "postgres")
    (home / "estate.json").unlink(missing_ok=True)


def _remember(estate: Estate) -> None:
    file = estate.home / "estate.json"
    file.touch(mode=0o600)
    file.write_text(
        json.dumps(
            {
                "endpoint": estate.endpoint,
                "youtube": estate.youtube,
                "port": estate.database.port,
                "password": estate.database.password,
            }
        )
    )

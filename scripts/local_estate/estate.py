"""Starts, finds again and stops everything the stacks need around them."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from scripts import background
from scripts.local_aws import LocalAws, client
from scripts.local_aws.account import REGION
from scripts.local_estate import postgres
from scripts.local_estate.seed import channels, seed
from scripts.youtube_stand_in import YouTube, process

LASTING = Path(".local/up")  # the estate of `make up`; demos and tests have their own


@dataclass(frozen=True)
class Estate:
    """A running estate: its folder, and each of its parts."""

    home: Path
    aws: LocalAws
    youtube: YouTube
    database: postgres.Postgres

    @property
    def terraform_settings(self) -> Path:
        """The variables that only exist once the estate runs, as a .tfvars.json file."""
        return self.home / "estate.tfvars.json"

    def environment(self) -> dict[str, str]:
        """Variables that point boto3, the AWS CLI and Terraform at this estate."""
        return {
            "AWS_ACCESS_KEY_ID": "operator",
            "AWS_SECRET_ACCESS_KEY": "operator",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_MAX_ATTEMPTS": "2",
            "AWS_ENDPOINT_URL": self.aws.endpoint,
            "CHECKPOINT_DISABLE": "1",
        }

    def job_settings(self) -> dict[str, str]:
        """Settings with which sync-batch runs on this machine against this estate."""
        return {
            "DB_HOST": postgres.HOST,
            "DB_PORT": str(self.database.port),
            "DB_PASSWORD": self.database.password,
            "DB_SSLMODE": "disable",
            "YOUTUBE_ENDPOINT": self.youtube.endpoint,
            "YOUTUBE_API_KEY": self.youtube.key,
            "YOUTUBE_CHANNELS": ",".join(channels()),
            "CSV_FOLDER": str(self.home / "csv"),
        }


def start(home: Path, *, retry_delays: tuple[float, float] = (1, 2)) -> Estate:
    """Start PostgreSQL, the local AWS and the YouTube stand-in, and seed the account.

    Args:
        home: folder of this estate; the database in it outlives the servers.
        retry_delays: seconds before the first and second retry of an asynchronous invocation.

    Raises:
        NotStartedError: a server did not start; the others are stopped again.
    """
    stop(home)
    home.mkdir(parents=True, exist_ok=True)
    home = home.resolve()
    try:
        database = _start_servers(home, retry_delays)
        found = Estate(home, LocalAws.running_in(home), YouTube.running_in(home), database)
        settings = seed(found.aws.client, found.database, found.youtube)
    except BaseException:
        stop(home)
        raise
    found.terraform_settings.write_text(json.dumps(settings, indent=2))
    _remember(found)
    return found


def running(home: Path = LASTING) -> Estate | None:
    """The estate that was started in `home`, if it still runs."""
    home = home.resolve()
    try:
        kept = json.loads((home / "estate.json").read_text())
        aws, youtube = LocalAws.running_in(home), YouTube.running_in(home)
    except (FileNotFoundError, client.LocalAwsError):
        return None
    if not aws.answers():
        return None
    return Estate(home, aws, youtube, postgres.Postgres(home / "postgres", **kept))


def stop(home: Path = LASTING) -> None:
    """Stop what `start` started; what is gone already is no error."""
    home = home.resolve()
    for ready in (client.ANNOUNCEMENT, process.READY_FILE):
        background.stop(home / ready)
    postgres.stop(home / "postgres")
    (home / "estate.json").unlink(missing_ok=True)


def _start_servers(home: Path, retry_delays: tuple[float, float]) -> postgres.Postgres:
    with ThreadPoolExecutor() as pool:
        database = pool.submit(postgres.start, home / "postgres")
        servers = [
            pool.submit(
                background.start,
                client.MODULE,
                home / client.ANNOUNCEMENT,
                *client.serve_arguments(home, retry_delays),
            ),
            pool.submit(
                background.start, process.MODULE, home / process.READY_FILE, "--home", str(home)
            ),
        ]
    for server in servers:
        server.result()
    return database.result()


def _remember(estate: Estate) -> None:
    file = estate.home / "estate.json"
    file.touch(mode=0o600)
    file.write_text(
        json.dumps({"port": estate.database.port, "password": estate.database.password})
    )

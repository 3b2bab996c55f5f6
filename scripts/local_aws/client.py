"""Starts a local AWS as a process of its own, and talks to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import requests
from botocore.config import Config

from scripts import background
from scripts.local_aws.account import ACCOUNT, PARTITION, REGION
from scripts.local_aws.control_client import Control, LocalAwsError
from scripts.local_aws.file_systems import folder_of
from scripts.local_aws.iam.records import IamRecord
from scripts.local_aws.nas import folder_on_nas
from scripts.local_aws.settings import Pace

ANNOUNCEMENT = "aws.json"
MODULE = "scripts.local_aws"
_HEALTH_LIMIT = 2.0  # seconds


@dataclass(frozen=True)
class Keys:
    """What somebody signs requests with; only temporary keys have a token."""

    access_key_id: str
    secret_access_key: str
    session_token: str | None = None


_OPERATOR = Keys("operator", "operator")


@dataclass(frozen=True)
class LocalAws(Control):
    """A running local AWS.

    Attributes:
        endpoint: Its URL, for AWS_ENDPOINT_URL.
        pid: Its process.
        home: Its folder.
    """

    pid: int
    home: Path

    @classmethod
    def running_in(cls, home: Path) -> LocalAws:
        """Find the one that runs in a folder.

        Raises:
            LocalAwsError: None does.
        """
        try:
            said = json.loads((home / ANNOUNCEMENT).read_text())
        except FileNotFoundError:
            raise LocalAwsError(f"no local AWS runs in {home}: start it with `serve`") from None
        return cls(said["endpoint"], said["pid"], home)

    def answers(self) -> bool:
        """Whether it still runs: not only its announcement, and not another one in its place."""
        try:
            health = requests.get(f"{self.endpoint}/_local/health", timeout=_HEALTH_LIMIT)
            return bool(health.json()["pid"] == self.pid)
        except requests.ReadTimeout:
            return True  # somebody listens, and is busy
        except (requests.RequestException, ValueError, KeyError):
            return False

    def client(self, service: str) -> Any:
        """A boto3 client of somebody who may do everything; an error is one at once."""
        return _client(self._endpoint_of(service), service, _OPERATOR)

    def client_as(self, role: str, service: str) -> Any:
        """A boto3 client of somebody who may do what a role may, and nothing else.

        Args:
            role: Its name.
        """
        return _client(self._endpoint_of(service), service, self.keys_of(role))

    @property
    def control_endpoint(self) -> str:
        """URL for AWS_ENDPOINT_URL_S3_CONTROL.

        SDKs put `<account>.` before S3 Control's host, and no resolver knows that name here. Where
        the URL has a user, they put it before that user, whom nobody asks about.
        """
        return self.endpoint.replace("://", "://account@")

    def keys_of(self, role: str) -> Keys:
        """Temporary keys of a role, whose policies are enforced.

        Args:
            role: Its name.
        """
        assumed = self.client("sts").assume_role(
            RoleArn=f"arn:{PARTITION}:iam::{ACCOUNT}:role/{role}", RoleSessionName="local"
        )["Credentials"]
        return Keys(assumed["AccessKeyId"], assumed["SecretAccessKey"], assumed["SessionToken"])

    def environment_of(self, role: str) -> dict[str, str]:
        """Variables that let any process call this AWS with the keys of a role.

        Args:
            role: Its name.
        """
        keys = self.keys_of(role)
        return {
            "AWS_ACCESS_KEY_ID": keys.access_key_id,
            "AWS_SECRET_ACCESS_KEY": keys.secret_access_key,
            "AWS_SESSION_TOKEN": str(keys.session_token),
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ENDPOINT_URL_S3_CONTROL": self.control_endpoint,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
        }

    def _endpoint_of(self, service: str) -> str:
        return self.control_endpoint if service == "s3control" else self.endpoint

    def file_system_folder(self, file_system_id: str) -> Path:
        """The folder that holds the files of an EFS file system; it lasts as long as that does."""
        return folder_of(self.home, file_system_id)

    def nas_folder(self, server: str, subdirectory: str = "/") -> Path:
        """The folder that holds what a DataSync location sees on a NAS; made if missing.

        Args:
            server: ServerHostname of the location, SMB or NFS.
            subdirectory: Subdirectory of the location.
        """
        folder = folder_on_nas(self.home, server, subdirectory)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def iam_records(self) -> list[IamRecord]:
        """Everything that roles did, and everything they were kept from doing."""
        return [IamRecord(**record) for record in self.iam()["records"]]

    def iam(self) -> dict[str, Any]:
        """What `GET /_local/iam` answers: `records`, and `grants` of the roles that exist."""
        answer: dict[str, Any] = self._ask("GET", "/_local/iam")
        return answer


@cache
def _client(endpoint: str, service: str, keys: Keys) -> Any:
    return boto3.client(
        service,  # type: ignore[call-overload]  # any service, named by the caller
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=keys.access_key_id,
        aws_secret_access_key=keys.secret_access_key,
        aws_session_token=keys.session_token,
        config=Config(retries={"total_max_attempts": 1}),
    )


@contextmanager
def start(home: Path, pace: Pace = Pace(), *, trace: bool = False) -> Iterator[LocalAws]:  # noqa: B008 - it is frozen
    """Run a local AWS while the block lasts; what it says is in `home/aws.log`.

    Args:
        home: Folder of its own, made if missing.
        pace: How long things take.
        trace: Write one line per request into the log.

    Raises:
        NotStartedError: It did not start.
    """
    home = home.resolve()
    arguments = serve_arguments(home, pace, trace=trace)
    with background.running(MODULE, home / ANNOUNCEMENT, *arguments):
        yield LocalAws.running_in(home)


def serve_arguments(home: Path, pace: Pace, *, trace: bool = False) -> list[str]:
    """The command line of a local AWS.

    Args:
        home: Its folder, absolute.
        pace: How long things take.
        trace: Write one line per request into the log.
    """
    return ["serve", "--home", str(home), *pace.arguments(), *(["--trace"] * trace)]

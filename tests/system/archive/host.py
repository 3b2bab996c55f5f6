"""The host as the deployed stack makes it: the share, the settings and the role of its machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.files import ROOT
from scripts.local_estate.systems import archive as lent
from tests.system.system import System


class Archive(System):
    """The deployed stack."""

    database = lent.DATABASE

    @property
    def role(self) -> str:
        return str(self.outputs["host"]["role"]["name"])

    @property
    def bucket(self) -> str:
        return str(self.outputs["buckets"]["archive"])

    def policy(self) -> dict[str, Any]:
        """The one inline policy of the host's role."""
        iam = self.client("iam")
        [name] = iam.list_role_policies(RoleName=self.role)["PolicyNames"]
        found: dict[str, Any] = iam.get_role_policy(RoleName=self.role, PolicyName=name)
        return found

    def versions(self) -> list[tuple[str, str]]:
        """Key and id of every version in the bucket."""
        pages = self.client("s3").get_paginator("list_object_versions").paginate(Bucket=self.bucket)
        return [
            (version["Key"], version["VersionId"])
            for page in pages
            for version in page.get("Versions", [])
        ]


@dataclass(frozen=True)
class Done:
    """What a command said and how it ended."""

    code: int
    told: str


@dataclass(frozen=True)
class Host:
    """Where operators type.

    Attributes:
        archive: the deployed stack.
        work: the working folder, in which lists and reports are.
    """

    archive: Archive
    work: Path

    @property
    def share(self) -> Path:
        return lent.share(self.archive.estate)

    def types(self, *arguments: str | Path, **environ: str) -> Done:
        """Run `archive …` with the permissions of the host's role."""
        estate = self.archive.estate
        done = subprocess.run(
            [sys.executable, "-m", "scripts.archive", *arguments],
            cwd=self.work,
            env={
                **os.environ,
                **estate.aws.environment_of(self.archive.role),
                "ARCHIVE_SETTINGS": str(lent.settings_file(estate)),
                "ARCHIVE_REPORT_FOLDER": str(self.work),
                "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "layers" / "batchworks")]),
                **environ,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        return Done(done.returncode, done.stdout + done.stderr)

    def list_of(self, *paths: str) -> Path:
        r"""A list of paths below `\\fsx-server-name\share`."""
        file = self.work / "list.txt"
        file.write_text("".join(f"\\\\fsx-server-name\\share\\{path}\n" for path in paths))
        return file

    def report(self, what: str) -> Path:
        """The newest file of a kind that a command left."""
        return max(self.work.glob(f"{what}_*"), key=lambda path: path.stat().st_mtime_ns)

    @contextmanager
    def without(self, action: str) -> Iterator[None]:
        """Take one action out of the role's policy, and put it back."""
        iam, whole = self.archive.client("iam"), self.archive.policy()
        name = whole["PolicyName"]

        def put(document: Any) -> None:
            iam.put_role_policy(
                RoleName=self.archive.role, PolicyName=name, PolicyDocument=json.dumps(document)
            )

        document = whole["PolicyDocument"]
        left = [
            {**statement, "Action": [each for each in actions(statement) if each != action]}
            for statement in document["Statement"]
        ]
        put({**document, "Statement": [statement for statement in left if statement["Action"]]})
        try:
            yield
        finally:
            put(document)


def actions(statement: dict[str, Any]) -> list[str]:
    """The actions of a statement of a policy."""
    found = statement["Action"]
    return [found] if isinstance(found, str) else list(found)

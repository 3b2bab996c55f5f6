"""Manifests: which objects a job is about.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-create-job.html#specify-batchjob-manifest
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from scripts.local_aws.batch_operations import objects
from scripts.local_aws.iam.sessions import Session

FORMAT = "S3BatchOperations_CSV_20180820"


class ManifestError(Exception):
    """A manifest can't be used.

    Attributes:
        code: Failure code of the job.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Task:
    """One object of a job.

    Attributes:
        written: Its key as the manifest writes it, URL-encoded.
        version: Version id; None where the manifest names none.
    """

    bucket: str
    written: str
    version: str | None

    @property
    def key(self) -> str:
        return unquote_plus(self.written)


def tasks(session: Session, manifest: dict[str, Any]) -> Iterator[Task]:
    """Read a manifest with the permissions of the job's role.

    Raises:
        ManifestError: It can't be read, was changed, or isn't what it is said to be.
    """
    fields = manifest["Spec"].get("Fields") or []
    if manifest["Spec"]["Format"] != FORMAT:
        raise ManifestError("InvalidManifest", f"only {FORMAT} is read here")
    content = _content(session, manifest["Location"])
    for number, row in enumerate(csv.reader(io.StringIO(content)), 1):
        if len(row) != len(fields):
            raise ManifestError(
                "InvalidManifest",
                f"line {number} has {len(row)} fields, the manifest's specification {len(fields)}",
            )
        named = dict(zip(fields, row, strict=True))
        yield Task(named["Bucket"], named["Key"], named.get("VersionId") or None)


def _content(session: Session, location: dict[str, str]) -> str:
    bucket, _, key = objects.name_in(location["ObjectArn"]).partition("/")
    try:
        found = objects.read(session, bucket, key, location.get("ObjectVersionId"))
    except objects.DeniedError as denied:
        raise ManifestError(
            "AccessDenied", f"Reading the manifest is forbidden: 403 Forbidden: {denied}"
        ) from None
    if found is None:
        raise ManifestError("ManifestNotFound", f"there is no {location['ObjectArn']}")
    if found.etag.strip('"') != location["ETag"].strip('"'):
        raise ManifestError(
            "InvalidManifest",
            f"the ETag of {location['ObjectArn']} is {found.etag}: it was changed",
        )
    return found.value.decode()

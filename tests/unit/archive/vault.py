"""A bucket with an archive list, and the command run on them."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from scripts.archive import archive_list, settings
from scripts.archive.__main__ import app
from scripts.local_aws import LocalAws
from tests.conftest import Database

SHARE = "fsx/share"
MODIFIED = datetime(2020, 2, 29, 3, 4, 5, tzinfo=UTC)
ARCHIVED = datetime(2023, 10, 5, 15, 30, tzinfo=UTC)  # the 6th in Tokyo
_numbers = count(1)


def unc(*paths: str) -> list[str]:
    r"""Paths below the share, as people write them."""
    return ["\\\\fsx\\share\\" + path.replace("/", "\\") for path in paths]


@dataclass
class Vault:
    """What was archived, and where the command runs.

    Args:
        folder: its working folder.
        environ: the variables it is given.
    """

    aws: LocalAws
    database: Database
    folder: Path
    bucket: str = field(default_factory=lambda: f"archive-{os.getpid()}-{next(_numbers)}")
    environ: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.s3 = self.aws.client("s3")
        where = {"LocationConstraint": "ap-northeast-1"}
        for bucket in (self.bucket, self.lists):
            self.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=where)
        self.s3.put_bucket_versioning(
            Bucket=self.bucket, VersioningConfiguration={"Status": "Enabled"}
        )
        self.environ |= {
            "AWS_ENDPOINT_URL": self.aws.endpoint,
            "AWS_ENDPOINT_URL_S3_CONTROL": self.aws.control_endpoint,
            "AWS_ACCESS_KEY_ID": "operator",
            "AWS_SECRET_ACCESS_KEY": "operator",
            "AWS_REGION": "ap-northeast-1",
            "ARCHIVE_BUCKET": self.bucket,
            "ARCHIVE_LISTS_BUCKET": self.lists,
            "ARCHIVE_SHARES": f"//{SHARE}={self.folder / 'mnt'}",
            "ARCHIVE_REPORT_FOLDER": str(self.folder / "reports"),
            **self.database.settings(),
            "DB_USERNAME": "postgres",
        }
        with closing(self.connect()) as connection:
            archive_list.create(connection)

    @property
    def lists(self) -> str:
        """The bucket of manifests and reports."""
        return f"{self.bucket}-lists"

    def connect(self) -> Any:
        """A session with the archive list."""
        return archive_list.connect(settings.load(self.environ).database)

    def archive(
        self,
        files: Mapping[str, bytes] | Iterable[str],
        *,
        storage: str = "DEEP_ARCHIVE",
        archived_at: datetime = ARCHIVED,
        upload: bool = True,
    ) -> None:
        """Put files below the share, by path, into the bucket and the list."""
        contents = files if isinstance(files, Mapping) else {path: path.encode() for path in files}
        entries = [
            self._archive(f"{SHARE}/{path}", content, storage, archived_at, upload)
            for path, content in contents.items()
        ]
        with closing(self.connect()) as connection:
            archive_list.record(connection, entries)

    def _archive(
        self, key: str, content: bytes, storage: str, archived_at: datetime, upload: bool
    ) -> archive_list.Entry:
        sha256 = base64.b64encode(hashlib.sha256(content).digest()).decode()
        answer: dict[str, Any] = {"ETag": '"never"', "VersionId": "never"}
        if upload:
            answer = self.s3.put_object(
                Bucket=self.bucket, Key=key, Body=content, StorageClass=storage
            )
        return archive_list.Entry(
            bucket=self.bucket, key=key, archived_at=archived_at, request_id="R-1", comment=None,
            requester=None, size=len(content), sha256=sha256, part_size=None, etag=answer["ETag"],
            version_id=answer["VersionId"], modified=MODIFIED, marker=None,
        )  # fmt: skip

    def archive_in_parts(self, path: str, content: bytes, part_size: int) -> None:
        """Put one file into the bucket in parts, and into the list."""
        key, bucket = f"{SHARE}/{path}", self.bucket
        upload = self.s3.create_multipart_upload(
            Bucket=bucket, Key=key, StorageClass="DEEP_ARCHIVE", ChecksumAlgorithm="SHA256"
        )["UploadId"]
        parts = [
            self.s3.upload_part(
                Bucket=bucket, Key=key, UploadId=upload, PartNumber=number,
                ChecksumAlgorithm="SHA256", Body=content[offset : offset + part_size],
            ) | {"PartNumber": number}
            for number, offset in enumerate(range(0, len(content), part_size), 1)
        ]  # fmt: skip
        wanted = ("PartNumber", "ETag", "ChecksumSHA256")
        answer = self.s3.complete_multipart_upload(
            Bucket=bucket, Key=key, UploadId=upload,
            MultipartUpload={"Parts": [{name: part[name] for name in wanted} for part in parts]},
        )  # fmt: skip
        entry = archive_list.Entry(
            bucket=bucket, key=key, archived_at=ARCHIVED, request_id="R-1", comment=None,
            requester=None, size=len(content), sha256=answer["ChecksumSHA256"],
            part_size=part_size, etag=answer["ETag"], version_id=answer["VersionId"],
            modified=MODIFIED, marker=None,
        )  # fmt: skip
        with closing(self.connect()) as connection:
            archive_list.record(connection, [entry])

    def listed(self, *lines: str, name: str = "list.txt", encoding: str = "utf-8") -> Path:
        """A list file."""
        path = self.folder / name
        path.write_text("".join(line + "\n" for line in lines), encoding)
        return path

    def run(self, *arguments: object, typed: str | None = None) -> Result:
        """Run the command in this process."""
        with pytest.MonkeyPatch.context() as patch:
            for name in [name for name in os.environ if name.startswith(("ARCHIVE_", "DB_"))]:
                patch.delenv(name)
            for name, value in self.environ.items():
                patch.setenv(name, value)
            patch.chdir(self.folder)
            return CliRunner().invoke(app, [str(each) for each in arguments], input=typed)

    def left(self, what: str) -> list[str]:
        """The lines of the newest file of this kind that a run left, a list of paths sorted."""
        files = sorted(
            (self.folder / "reports").glob(f"{what}_*"), key=lambda path: path.stat().st_mtime_ns
        )
        lines = files[-1].read_text("utf-8-sig").splitlines() if files else []
        return lines if files and files[-1].suffix == ".csv" else sorted(lines)

    def forget(self) -> None:
        """Remove what runs left."""
        for path in (self.folder / "reports").glob("*"):
            path.unlink()

"""An archived object is read after it was restored, and not for longer than was asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.local_aws import LocalAws, Pace, start
from scripts.local_aws.restores import Restores
from tests.unit.local_aws.workshop import Workshop, eventually, unique


class Archived:
    """An archived object."""

    def __init__(self, workshop: Workshop, bucket: str, storage: str = "DEEP_ARCHIVE") -> None:
        self.s3 = workshop.aws.client("s3")
        self.names = {"Bucket": bucket, "Key": unique("日本 +")}
        self.storage = storage

    def put(self, content: bytes = b"x") -> str:
        """Write it anew; the version."""
        put = self.s3.put_object(**self.names, Body=content, StorageClass=self.storage)
        return str(put["VersionId"])

    def restore(self, tier: str = "Bulk", days: int = 1, **version: str) -> tuple[int, str]:
        """Status and code of a restore."""
        wish = {"Days": days, "GlacierJobParameters": {"Tier": tier}}
        return answer_of(self.s3.restore_object, **self.names, RestoreRequest=wish, **version)

    def get(self, **version: str) -> tuple[int, str]:
        """Status and code of a GET."""
        return answer_of(self.s3.get_object, **self.names, **version)

    def status(self, **version: str) -> str | None:
        """What HEAD says of its restore."""
        said: str | None = self.s3.head_object(**self.names, **version).get("Restore")
        return said

    def listed(self) -> dict[str, Any] | None:
        """What a list says of its restore."""
        answer = self.s3.list_objects_v2(
            Bucket=self.names["Bucket"],
            Prefix=self.names["Key"],
            OptionalObjectAttributes=["RestoreStatus"],
        )
        [found] = answer["Contents"]
        status: dict[str, Any] | None = found.get("RestoreStatus")
        return status


def answer_of(call: Any, **arguments: Any) -> tuple[int, str]:
    """Status and error code (empty without an error) of a call."""
    try:
        answer, code = call(**arguments), ""
    except ClientError as error:
        answer, code = error.response, error.response["Error"]["Code"]
    return answer["ResponseMetadata"]["HTTPStatusCode"], code


@pytest.fixture(scope="module")
def bucket(workshop: Workshop) -> str:
    """A versioned bucket."""
    name = workshop.bucket()
    workshop.aws.client("s3").put_bucket_versioning(
        Bucket=name, VersioningConfiguration={"Status": "Enabled"}
    )
    return name


@pytest.fixture
def archived(workshop: Workshop, bucket: str) -> Archived:
    """An object that no other test restores."""
    return Archived(workshop, bucket)


def test_a_restore_goes_from_asked_for_to_there_to_gone(aws: LocalAws, archived: Archived) -> None:
    aws.expire_restores()  # those of other tests
    archived.put()
    assert archived.get() == (403, "InvalidObjectState")
    assert (archived.status(), archived.listed()) == (None, None)

    assert archived.restore() == (202, "")
    assert archived.status() == 'ongoing-request="true"'
    assert archived.listed() == {"IsRestoreInProgress": True}
    assert archived.get() == (403, "InvalidObjectState")
    assert archived.restore() == (409, "RestoreAlreadyInProgress")

    assert aws.complete_restores() == 1
    assert archived.get() == (200, "")
    first = archived.status()
    assert first
    assert 'ongoing-request="false", expiry-date="' in first
    assert archived.restore(days=9) == (200, "")
    assert archived.status() != first
    listed = archived.listed()
    assert listed
    assert listed["IsRestoreInProgress"] is False
    assert listed["RestoreExpiryDate"] > datetime.now(UTC) + timedelta(days=9)

    assert aws.expire_restores() == 1
    assert (archived.status(), archived.get()) == (None, (403, "InvalidObjectState"))
    assert archived.restore() == (202, "")


def test_a_restore_is_done_by_itself_after_a_while(tmp_path: Path) -> None:
    with start(tmp_path, Pace(restore_seconds=0.2)) as aws:
        workshop = Workshop(aws)
        archived = Archived(workshop, workshop.bucket())
        archived.s3.put_object(**archived.names, StorageClass="DEEP_ARCHIVE")
        archived.restore()

        eventually(lambda: archived.get() == (200, ""))


def test_deep_archive_knows_no_expedited_restore(workshop: Workshop, bucket: str) -> None:
    deep, flexible = (Archived(workshop, bucket, each) for each in ("DEEP_ARCHIVE", "GLACIER"))
    deep.put()
    flexible.put()

    assert deep.restore("Expedited") == (400, "InvalidArgument")
    assert deep.status() is None
    assert flexible.restore("Expedited") == (202, "")


def test_what_is_not_archived_is_not_restored(workshop: Workshop, bucket: str) -> None:
    standard = Archived(workshop, bucket, "STANDARD")
    assert standard.restore() == (404, "NoSuchKey")
    standard.put()

    assert standard.restore() == (403, "InvalidObjectState")


def test_a_version_is_restored_alone(aws: LocalAws, archived: Archived) -> None:
    old, new = archived.put(b"old"), archived.put(b"new")

    assert archived.restore(VersionId=old) == (202, "")
    aws.complete_restores()

    assert archived.get(VersionId=old) == (200, "")
    assert archived.get() == archived.get(VersionId=new) == (403, "InvalidObjectState")
    assert archived.restore(VersionId="unknown") == (404, "NoSuchVersion")


@pytest.mark.parametrize("days", [0, -1])
def test_a_copy_stays_for_a_day_at_least(archived: Archived, days: int) -> None:
    archived.put()

    assert archived.restore(days=days) == (400, "InvalidArgument")


class Thing:
    """Stands for an object."""


def test_a_copy_is_gone_at_the_midnight_after_its_days() -> None:
    thing, now = Thing(), [datetime(2026, 3, 1, 15, tzinfo=UTC)]
    restores = Restores(lambda: now[0])
    restores.begin(thing, 2)

    now[0] = datetime(2026, 3, 3, 23, 59, 59, tzinfo=UTC)
    assert restores.of(thing)
    now[0] = datetime(2026, 3, 4, tzinfo=UTC)
    assert restores.of(thing) is None

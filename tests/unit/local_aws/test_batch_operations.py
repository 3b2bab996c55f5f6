"""A job of S3 Batch Operations restores what its manifest lists, as far as its role may."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

import pytest
from botocore.exceptions import ClientError

from scripts.local_aws import LocalAws
from scripts.local_aws.account import ACCOUNT, REGION
from tests.unit.local_aws.workshop import LOGS, Workshop, allow, eventually, unique

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "batchoperations.s3.amazonaws.com"},
        }
    ],
}
KEYS = ["fs/share/日本 +%.txt", 'fs/share/a,"b".txt']


@dataclass(frozen=True)
class Desk:
    """A versioned bucket with archived objects, one for manifests and reports, and a role."""

    aws: LocalAws
    archive: str
    lists: str
    role: str
    control: Any

    @property
    def s3(self) -> Any:
        return self.aws.client("s3")

    def archived(self, key: str) -> str:
        """Archive an object; its version."""
        put = self.s3.put_object(Bucket=self.archive, Key=key, StorageClass="DEEP_ARCHIVE")
        return str(put["VersionId"])

    def manifest(self, *rows: tuple[str, ...]) -> dict[str, Any]:
        """Write a manifest."""
        content = io.StringIO()
        for key, *version in rows:
            csv.writer(content).writerow([self.archive, quote_plus(key, safe="/"), *version])
        name = unique("manifest")
        put = self.s3.put_object(Bucket=self.lists, Key=name, Body=content.getvalue().encode())
        return {
            "Spec": {
                "Format": "S3BatchOperations_CSV_20180820",
                "Fields": ["Bucket", "Key", "VersionId"][: len(rows[0]) + 1],
            },
            "Location": {"ObjectArn": f"arn:aws:s3:::{self.lists}/{name}", "ETag": put["ETag"]},
        }

    def create(self, manifest: dict[str, Any], control: Any = None, **changes: Any) -> str:
        """Create a job; its id."""
        restore = {"ExpirationInDays": 3, "GlacierJobTier": "BULK"}
        asked = {
            "AccountId": ACCOUNT,
            "ConfirmationRequired": False,
            "Operation": {"S3InitiateRestoreObject": restore},
            "Manifest": manifest,
            "Report": {
                "Bucket": f"arn:aws:s3:::{self.lists}",
                "Prefix": "reports",
                "Format": "Report_CSV_20180820",
                "Enabled": True,
                "ReportScope": "AllTasks",
            },
            "Priority": 1,
            "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/{self.role}",
            "ClientRequestToken": unique("token"),
            **changes,
        }
        return str((control or self.control).create_job(**asked)["JobId"])

    def job(self, job_id: str) -> dict[str, Any]:
        """How far a job is."""
        found: dict[str, Any] = self.control.describe_job(AccountId=ACCOUNT, JobId=job_id)["Job"]
        return found

    def ended(self, job_id: str) -> dict[str, Any]:
        """Wait for the end of a job."""
        eventually(lambda: self.job(job_id)["Status"] in {"Complete", "Failed", "Cancelled"})
        return self.job(job_id)

    def report(self, job_id: str) -> list[list[str]]:
        """The rows of a job's report."""
        folder = f"reports/job-{job_id}"
        manifest = json.loads(self.read(f"{folder}/manifest.json"))
        files = [self.read(result["Key"]).decode() for result in manifest["Results"]]
        return [row for each in files for row in csv.reader(io.StringIO(each))]

    def read(self, key: str) -> bytes:
        """An object of the bucket for lists."""
        content: bytes = self.s3.get_object(Bucket=self.lists, Key=key)["Body"].read()
        return content

    def restore_of(self, key: str, **version: str) -> str | None:
        """What HEAD says of a restore."""
        head = self.s3.head_object(Bucket=self.archive, Key=key, **version)
        said: str | None = head.get("Restore")
        return said


@pytest.fixture
def desk(workshop: Workshop) -> Desk:
    """A desk of its own, whose role may do what it needs."""
    archive, lists = workshop.bucket(), workshop.bucket()
    workshop.aws.client("s3").put_bucket_versioning(
        Bucket=archive, VersioningConfiguration={"Status": "Enabled"}
    )
    role = workshop.role(
        allow("s3:RestoreObject", f"arn:aws:s3:::{archive}/fs/*"),
        allow(["s3:GetObject", "s3:PutObject"], f"arn:aws:s3:::{lists}/*"),
        AssumeRolePolicyDocument=json.dumps(TRUST),
    )
    return Desk(workshop.aws, archive, lists, role, workshop.aws.client("s3control"))


def test_a_job_restores_what_its_manifest_lists_and_reports_it(desk: Desk) -> None:
    for key in KEYS:
        desk.archived(key)

    job = desk.ended(desk.create(desk.manifest(*[(key,) for key in KEYS])))

    assert job["Status"] == "Complete"
    progress = job["ProgressSummary"]
    assert (progress["TotalNumberOfTasks"], progress["NumberOfTasksSucceeded"]) == (2, 2)
    assert [desk.restore_of(key) for key in KEYS] == ['ongoing-request="true"'] * 2
    written = [quote_plus(key, safe="/") for key in KEYS]
    assert desk.report(job["JobId"]) == [
        [desk.archive, key, "", "succeeded", "202", "", ""] for key in written
    ]


def test_a_job_restores_the_version_it_is_told(desk: Desk) -> None:
    old, new = desk.archived(KEYS[0]), desk.archived(KEYS[0])

    job = desk.ended(desk.create(desk.manifest((KEYS[0], old))))

    assert job["Status"] == "Complete"
    assert desk.restore_of(KEYS[0], VersionId=old)
    assert desk.restore_of(KEYS[0], VersionId=new) is None


def test_objects_that_fail_are_reported_and_stop_no_other(desk: Desk) -> None:
    desk.archived(KEYS[0])
    desk.archived("fs/twice")
    desk.archived("elsewhere")  # where the role may restore nothing
    rows = [(key,) for key in ("fs/missing", "fs/twice", "fs/twice", "elsewhere", KEYS[0])]

    job = desk.ended(desk.create(desk.manifest(*rows)))

    assert job["Status"] == "Complete"
    assert job["ProgressSummary"]["NumberOfTasksFailed"] == 3
    failed = [row[:6] for row in desk.report(job["JobId"]) if row[3] == "failed"]
    assert failed == [
        [desk.archive, "fs/missing", "", "failed", "404", "NoSuchKey"],
        [desk.archive, "fs/twice", "", "failed", "409", "RestoreAlreadyInProgress"],
        [desk.archive, "elsewhere", "", "failed", "403", "AccessDenied"],
    ]
    assert desk.restore_of(KEYS[0])


def test_a_job_fails_whose_manifest_was_changed_or_is_another(desk: Desk) -> None:
    manifest = desk.manifest((KEYS[0],))
    changed = {**manifest, "Location": {**manifest["Location"], "ETag": "other"}}
    other = {**manifest, "Spec": {**manifest["Spec"], "Fields": ["Bucket", "Key", "VersionId"]}}

    for broken in (changed, other):
        job = desk.ended(desk.create(broken))
        assert (job["Status"], job["FailureReasons"][0]["FailureCode"]) == (
            "Failed",
            "InvalidManifest",
        )


def test_a_job_fails_whose_role_may_not_read_the_manifest(workshop: Workshop, desk: Desk) -> None:
    workshop.grant(desk.role, allow("s3:RestoreObject", "*"))

    job = desk.ended(desk.create(desk.manifest((KEYS[0],))))

    assert job["Status"] == "Failed"
    assert "Reading the manifest is forbidden" in job["FailureReasons"][0]["FailureReason"]


def test_a_job_fails_whose_role_trusts_somebody_else(workshop: Workshop, desk: Desk) -> None:
    role = workshop.role(allow("s3:*", "*"))

    job = desk.ended(
        desk.create(desk.manifest((KEYS[0],)), RoleArn=f"arn:aws:iam::{ACCOUNT}:role/{role}")
    )

    assert job["Status"] == "Failed"
    assert "doesn't trust batchoperations" in job["FailureReasons"][0]["FailureReason"]


def test_the_same_request_makes_no_second_job(desk: Desk) -> None:
    desk.archived(KEYS[0])
    manifest, token = desk.manifest((KEYS[0],)), unique("token")

    first = desk.create(manifest, ClientRequestToken=token)

    assert desk.create(manifest, ClientRequestToken=token) == first
    with pytest.raises(ClientError, match="IdempotencyException"):
        desk.create(manifest, ClientRequestToken=token, Priority=2)


def test_a_job_waits_for_its_confirmation(desk: Desk) -> None:
    desk.archived(KEYS[0])
    manifest = desk.manifest((KEYS[0],))
    ids = [desk.create(manifest, ConfirmationRequired=True) for _ in range(2)]
    for each in ids:
        eventually(lambda each=each: desk.job(each)["Status"] == "Suspended")  # type: ignore[misc]
    assert desk.restore_of(KEYS[0]) is None

    for each, status in zip(ids, ("Ready", "Cancelled"), strict=True):
        desk.control.update_job_status(AccountId=ACCOUNT, JobId=each, RequestedJobStatus=status)

    assert [desk.ended(each)["Status"] for each in ids] == ["Complete", "Cancelled"]
    done = desk.control.list_jobs(AccountId=ACCOUNT, JobStatuses=["Complete"])["Jobs"]
    assert ids[0] in {job["JobId"] for job in done}
    assert ids[1] not in {job["JobId"] for job in done}


def test_an_unknown_job_is_not_found(desk: Desk) -> None:
    with pytest.raises(ClientError, match="NotFoundException"):
        desk.job("00000000-0000")


def test_a_role_creates_and_follows_only_the_jobs_it_may(workshop: Workshop, desk: Desk) -> None:
    desk.archived(KEYS[0])
    manifest, role = desk.manifest((KEYS[0],)), workshop.role(LOGS)
    mine = desk.aws.client_as(role, "s3control")

    def refusal() -> str:
        with pytest.raises(ClientError) as error:
            desk.create(manifest, control=mine)
        return str(error.value)

    assert "not authorized to perform: s3:CreateJob" in refusal()
    workshop.grant(role, allow("s3:CreateJob", "*"))
    assert "not authorized to perform: iam:PassRole" in refusal()
    passing = {
        **allow("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/{desk.role}"),
        "Condition": {"StringEquals": {"iam:PassedToService": "batchoperations.s3.amazonaws.com"}},
    }
    following = allow("s3:DescribeJob", f"arn:aws:s3:{REGION}:{ACCOUNT}:job/*")
    workshop.grant(role, allow("s3:CreateJob", "*"), passing, following)

    job = desk.create(manifest, control=mine)

    assert mine.describe_job(AccountId=ACCOUNT, JobId=job)["Job"]["JobId"] == job

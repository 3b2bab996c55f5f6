"""Each role may do what its work needs and nothing else; a permission that is missing is missed."""

from __future__ import annotations

import pytest

from tests.system.nas_sync.share import Share
from tests.system.nas_sync.system import FUNCTIONS, STATE_MACHINE, TABLE, NasSync
from tests.system.role import Role

# What only comes with files, lists or times that a test doesn't have.
RARE = {
    "s3:AbortMultipartUpload",  # of lists above 8 MB, and files above 5 GB
    "s3:GetObjectTagging",
    "s3:GetObjectVersionTagging",
    "s3:PutObjectTagging",
    "es:ESHttpHead",
}


def test_every_permission_is_used(system: NasSync, share: Share) -> None:
    share.delete(share.some("indexed", ".txt"))
    share.move(share.some("indexed", ".pdf"))
    assert system.run().status == "SUCCEEDED"
    assert not system.function("BatchWatcher").invoke().failed
    unused = {
        name: left
        for name in FUNCTIONS
        if (left := system.role(name).granted() - system.role(name).used() - RARE)
    }
    assert unused == {}


def test_every_call_of_a_run_was_allowed(system: NasSync, share: Share) -> None:
    share.add()
    before = {record for record in system.aws.iam_records() if not record.allowed}
    assert system.run(full_sync=True).status == "SUCCEEDED"
    assert {record for record in system.aws.iam_records() if not record.allowed} == before


@pytest.mark.parametrize(
    ("function", "action"),
    [
        ("VPNManager", "ec2:DescribeVpnConnections"),
        ("VPNManager", "ec2:CreateVpnConnection"),
        ("FileScanner", "s3:ListBucket"),
        ("FileScanner", "s3:PutObject"),
        ("BatchReconciler", "dynamodb:BatchGetItem"),
    ],
)
def test_without_a_permission_the_run_fails_and_names_it(
    system: NasSync, share: Share, function: str, action: str
) -> None:
    share.add()
    with system.role(function).without(action):
        run = system.run()
    assert run.status == "FAILED"
    assert action in run.cause
    system.assert_vpn_is_down()
    assert system.run().status == "SUCCEEDED"


@pytest.mark.parametrize("action", ["datasync:StartTaskExecution", "lambda:InvokeFunction"])
def test_a_state_machine_that_may_not_ends_as_failed(system: NasSync, action: str) -> None:
    with Role(system.aws, STATE_MACHINE, "run-batch").without(action):
        run = system.run()
    assert run.status == "FAILED"
    assert system.run().status == "SUCCEEDED"


def test_no_role_reaches_what_is_not_its_own(system: NasSync) -> None:
    for name in FUNCTIONS:
        s3 = system.aws.client_as(name, "s3")
        with pytest.raises(s3.exceptions.ClientError, match="AccessDenied"):
            s3.put_object(Bucket=system.raw, Key="monthly-sync/others.txt", Body=b"")
        table = system.aws.client_as(name, "dynamodb")
        with pytest.raises(table.exceptions.ClientError, match="AccessDenied"):
            table.delete_table(TableName=TABLE)

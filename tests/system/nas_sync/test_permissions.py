"""Each role may do what its work needs and nothing else; a permission that is missing is missed."""

from __future__ import annotations

import os
from collections import defaultdict

import boto3
import pytest

from scripts.local_aws.account import REGION
from tests.system.nas_sync.agreement import assert_failed, assert_reconciled
from tests.system.nas_sync.search_proxy import SearchProxy
from tests.system.nas_sync.share import Share
from tests.system.nas_sync.system import FAILED, FUNCTIONS, STATE_MACHINE, TABLE, NasSync
from tests.system.role import Role
from tests.system.system import eventually

NOT_SEEN_HERE = {
    # of lists above 8 MB, copies above 5 GB, and objects with tags
    "s3:AbortMultipartUpload",
    *("s3:GetObjectVersionTagging", "s3:PutObjectTagging"),
    # Lambda wants it of every function with a dead-letter queue; only events get there
    "sqs:SendMessage",
    # BatchWatcher asks when the state machine was made as long as no run has succeeded
    "states:DescribeStateMachine",
}
NOT_SEEN_OF = {
    "BatchReporter": {"s3:ListBucket"},  # tells a lost report from a forbidden one
    "DeletedFileArchiver": {"es:ESHttpHead"},  # tells a lost index from one with the alias's name
    # makes an index; that of an estate which was there before is made
    "BulkIndexer": {"es:ESHttpHead", "es:ESHttpPut"} if "ESTATE" in os.environ else set(),
}
OTHERS = {
    STATE_MACHINE: "run-batch",
    "EventBridgeStepFunctionsRole": "start-batch",
    "DataSyncS3Role": "write-raw-files",
}


def test_every_permission_is_used(system: NasSync, share: Share, proxy: SearchProxy) -> None:
    share.delete(share.some("indexed", ".txt"))
    share.move(share.some("indexed", ".pdf"))
    system.aws.fire_schedule(STATE_MACHINE)
    eventually(system.running, "the schedule has started an execution")
    with system.aws.faults("s3.GetObject", code="AccessDenied", status=403, role="BulkIndexer"):
        run = system.wait(system.running()[0])
    assert "BulkIndexToOpenSearch" in run.states, "children of a map that has failed are stopped"
    assert system.run(resume=run.batch).status == "SUCCEEDED"
    system.aws.transfers(hang=True)
    assert system.run().error == "DataSyncStuck"
    system.aws.transfers()
    assert not system.function("BatchWatcher").invoke().failed
    searched = requests_to_opensearch(system, proxy)
    unused = {
        name: left
        for name in FUNCTIONS
        if (left := unused_of(system.role(name)) - searched[name] - NOT_SEEN_OF.get(name, set()))
    }
    assert unused == {}
    for name in FUNCTIONS:
        assert searched[name] <= system.role(name).granted(), name
    assert {name: unused_of(Role(system.aws, name, policy)) for name, policy in OTHERS.items()} == {
        name: set() for name in OTHERS
    }


def unused_of(role: Role) -> set[str]:
    return role.granted() - role.used() - NOT_SEEN_HERE


def requests_to_opensearch(system: NasSync, proxy: SearchProxy) -> dict[str, set[str]]:
    """By role, the actions that its requests are; OpenSearch itself asks nobody who may."""
    actions = defaultdict[str, set[str]](set)
    for key, method in sorted(proxy.signed):
        sts = boto3.client(
            "sts",
            endpoint_url=system.aws.endpoint,
            region_name=REGION,
            aws_access_key_id=key,
            aws_secret_access_key="not known",  # and not looked at
        )
        role = sts.get_caller_identity()["Arn"].split("/")[1]
        actions[role].add(f"es:ESHttp{method.capitalize()}")
    return actions


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
    before = system.previous()
    with system.role(function).without(action):
        run = system.run()
    assert_failed(system, run, run.error, before)
    assert action in run.cause
    assert_reconciled(system, share, system.run())


@pytest.mark.parametrize(
    ("action", "state"),
    [
        ("states:ListExecutions", "ListRunningExecutions"),
        ("lambda:InvokeFunction", "EstablishVPN"),
        ("datasync:StartTaskExecution", "StartDataSync"),
        ("datasync:DescribeTaskExecution", "CancelDataSync"),
        ("s3:GetObject", "ProcessFilesInParallel"),
    ],
)
def test_a_state_machine_that_may_not_ends_as_failed(
    system: NasSync, share: Share, action: str, state: str
) -> None:
    before = system.previous()
    with Role(system.aws, STATE_MACHINE, "run-batch").without(action):
        run = system.run()
    assert_failed(system, run, run.error, before)
    assert state in run.states
    assert_reconciled(system, share, system.run())


def test_a_vpn_that_can_t_be_taken_down_is_told_and_the_next_run_takes_it_down(
    system: NasSync, share: Share
) -> None:
    share.add()
    before = system.previous()
    with system.role("VPNManager").without("ec2:DeleteVpnConnection"):
        run = system.run()
        seen = system.function("BatchWatcher").invoke()
    assert (run.status, run.error, run.outcomes) == ("FAILED", "AccessDenied", [FAILED])
    assert "ScanTransferredFiles" not in run.states
    assert system.previous() == before
    assert seen.payload["IdleVpnConnections"] == len(system.connections()) == 1
    assert_reconciled(system, share, system.run())


def test_no_role_reaches_what_is_not_its_own(system: NasSync) -> None:
    for name in FUNCTIONS:
        s3 = system.aws.client_as(name, "s3")
        with pytest.raises(s3.exceptions.ClientError, match="AccessDenied"):
            s3.put_object(Bucket=system.raw, Key="monthly-sync/others.txt", Body=b"")
        table = system.aws.client_as(name, "dynamodb")
        with pytest.raises(table.exceptions.ClientError, match="AccessDenied"):
            table.delete_table(TableName=TABLE)

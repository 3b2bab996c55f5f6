"""Runs in which nothing fails, however they are started."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tests.system.nas_sync.agreement import LARGEST_PAYLOAD, assert_agree, assert_reconciled
from tests.system.nas_sync.share import Share
from tests.system.nas_sync.system import FAILED, STATE_MACHINE, SUCCEEDED, NasSync, Run
from tests.system.system import eventually

STEPS = (
    *("ProcessFilesInParallel", "ReviewResults", "BulkIndexToOpenSearch", "ArchiveDeletedFiles"),
    "Reconcile",
)


def test_the_initial_run_makes_every_file_findable_or_says_why_not(
    system: NasSync, first: Run
) -> None:
    assert first.states[-1] == "BatchSucceeded"
    assert 0 < system.largest_call(first.batch) < LARGEST_PAYLOAD
    assert {"EstablishVPN", "DisconnectVPN", "ProcessFilesInParallel", "Reconcile"} <= set(
        first.states
    )
    counts = json.loads(system.content(f"reports/{first.batch}/report.json"))
    problems = system.content(f"reports/{first.batch}/problems.csv").decode("utf-8-sig")
    assert problems.count("\n") - 1 == counts["scanned"] - counts["indexed"] > 0
    assert f"S3 {counts['scanned']} 件" in first.message


def test_a_scheduled_run_starts_with_the_date_and_takes_only_what_changed(
    system: NasSync, share: Share
) -> None:
    added, changed = share.add(), share.some("indexed", ".txt")
    share.change(changed)
    moved, gone = share.some("indexed", ".docx"), share.some("indexed", ".xlsx")
    share.move(moved)
    share.delete(gone)
    system.forget_messages()
    system.aws.fire_schedule(STATE_MACHINE)
    eventually(system.running, "the schedule has started an execution")
    run = system.wait(system.running()[0])
    assert_reconciled(system, share, run)
    request = run.output("ReadRequest")["request"]
    assert request["batch_type"] == "monthly_scheduled"
    assert datetime.fromisoformat(request["batch_date"]).date() == datetime.now(UTC).date()
    scan = system.scan(run)
    assert [scan[name] for name in ("new", "changed", "moved", "deleted")] == [1, 1, 1, 1]
    assert system.items()[added]["sync_batch_id"] == run.transfer
    assert_archived(system, gone)


def assert_archived(system: NasSync, path: str) -> None:
    """A deleted file lies in the archive, and its item says where."""
    kept_files = system.objects("deleted/", system.archive).items()
    [(key, kept)] = [(key, kept) for key, kept in kept_files if key.endswith(path)]
    assert kept["StorageClass"] == "DEEP_ARCHIVE"
    item = system.items()[path]
    assert item["archived_to"] == f"s3://{system.archive}/{key}"
    assert item["deleted_at"]


def test_a_run_that_finds_nothing_new_reconciles_and_extracts_nothing(
    system: NasSync, share: Share
) -> None:
    run = system.run(batch_date="2026-12-01", reason="somebody asked")
    assert_reconciled(system, share, run)
    scan = system.scan(run)
    assert scan["new"] == scan["changed"] == scan["moved"] == scan["deleted"] == 0
    assert scan["retried"] == 1, "what failed is tried again"


def test_a_full_sync_extracts_everything_again(system: NasSync, share: Share) -> None:
    run = system.run(full_sync=True, reason="a better reader")
    assert_reconciled(system, share, run)
    assert system.scan(run)["unchanged"] == 0
    items = system.items()
    assert {items[path]["sync_batch_id"] for path in share.fates} == {run.transfer}


def test_a_batch_that_is_done_can_be_continued_and_does_nothing(
    system: NasSync, share: Share
) -> None:
    run = system.run()
    assert_reconciled(system, share, run)
    written = system.versions(f"results/{run.batch}/")
    again = system.run(resume=run.batch)
    assert again.status == "SUCCEEDED", again.cause
    assert "EstablishVPN" not in again.states
    assert system.versions(f"results/{run.batch}/") == written
    assert_agree(system, share)


def test_steps_that_have_nothing_to_do_are_left_out(system: NasSync, share: Share) -> None:
    with share.without(share.some("failed", ".jpg")):  # which each run would try again
        deleting = system.run()
        assert_reconciled(system, share, deleting)
        assert steps(deleting) == ["ArchiveDeletedFiles", "Reconcile"]
        idle = system.run()
        assert_reconciled(system, share, idle)
        assert steps(idle) == ["Reconcile"]
        share.move(share.some("indexed", ".pdf"))
        moving = system.run()
        assert_reconciled(system, share, moving)
        assert steps(moving) == ["BulkIndexToOpenSearch", "ArchiveDeletedFiles", "Reconcile"]


def steps(run: Run) -> list[str]:
    """The work behind the scan that a run came to."""
    return [state for state in run.states if state in STEPS]


def test_a_connection_that_stays_is_used_and_left_alone(system: NasSync, share: Share) -> None:
    ec2, gateways = system.client("ec2"), system.outputs["vpn"]
    standing = ec2.create_vpn_connection(
        Type="ipsec.1",
        CustomerGatewayId=gateways["customer_gateway_id"],
        VpnGatewayId=gateways["vpn_gateway_id"],
    )["VpnConnection"]["VpnConnectionId"]
    share.add()
    try:
        with system.told("VPNManager", VPN_MODE="always_on", VPN_CONNECTION_ID=standing):
            run = system.run()
            system.aws.tunnels("down")
            failed = system.run()
        assert (run.status, run.outcomes) == ("SUCCEEDED", [SUCCEEDED]), run.cause
        assert (failed.error, failed.outcomes) == ("VPNNotReady", [FAILED])
        assert [each["VpnConnectionId"] for each in system.connections()] == [standing]
    finally:
        ec2.delete_vpn_connection(VpnConnectionId=standing)


def test_a_second_execution_gives_way_and_leaves_the_vpn_to_the_first(
    system: NasSync, share: Share
) -> None:
    system.aws.transfers(hang=True)
    one = system.start()
    eventually(lambda: "WaitForDataSync" in system.states_of(one), "the first one transfers")
    system.forget_messages()
    other = system.wait(system.start())
    assert (other.status, other.error) == ("FAILED", "AnotherIsRunning")
    assert not {"DisconnectVPN", "DisconnectVPNAfterFailure"} & set(other.states)
    system.aws.transfers()
    assert_reconciled(system, share, system.wait(one))


@pytest.mark.parametrize("request_", [{"batch_type": "weekly"}, {"resume": "the last one"}])
def test_a_request_that_can_t_be_understood_fails_before_anything_is_done(
    system: NasSync, request_: dict[str, str]
) -> None:
    before = system.previous()
    run = system.run(**request_)
    assert (run.status, run.error) == ("FAILED", "InvalidRequest")
    assert "EstablishVPN" not in run.states
    assert system.previous() == before


def test_what_only_begins_like_a_batch_is_refused_and_never_told_as_a_command(
    system: NasSync,
) -> None:
    run = system.run(resume="exec-x'; rm -rf ~ #")
    assert (run.status, run.error) == ("FAILED", "BatchNotFound")
    assert run.message.count("rm -rf") == 1, "the cause says what was asked for"
    assert '"resume"' not in run.message

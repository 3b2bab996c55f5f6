"""The way to the NAS and the transfer fail; the VPN is taken down, and the next run does it all."""

from __future__ import annotations

from tests.system.nas_sync.agreement import assert_failed, assert_reconciled
from tests.system.nas_sync.share import Share
from tests.system.nas_sync.system import VPN_CHECKS, NasSync
from tests.system.system import eventually


def test_a_vpn_that_never_comes_up_ends_the_run(system: NasSync, share: Share) -> None:
    share.add()
    before = system.previous()
    system.aws.tunnels("down")
    run = system.run()
    assert_failed(system, run, "VPNNotReady", before)
    assert "StartDataSync" not in run.states
    assert run.states.count("CheckVPNStatus") == VPN_CHECKS
    system.aws.tunnels("up")
    assert_reconciled(system, share, system.run())


def test_an_agent_that_comes_later_than_the_vpn_is_waited_for(
    system: NasSync, share: Share
) -> None:
    share.add()
    system.aws.transfers(agent=False)
    system.forget_messages()
    arn = system.start()
    eventually(lambda: "IsAgentOnline" in system.states_of(arn), "the agent has been asked for")
    system.aws.transfers()
    run = system.wait(arn)
    assert run.states.count("EstablishVPN") == run.states.count("StartDataSync") == 1
    assert run.states.count("CheckAgentStatus") > 1
    assert_reconciled(system, share, run)


def test_an_agent_that_stays_offline_ends_the_run(system: NasSync, share: Share) -> None:
    share.add()
    before = system.previous()
    system.aws.transfers(agent=False)
    run = system.run()
    assert_failed(system, run, "AgentOffline", before)
    assert "StartDataSync" not in run.states
    assert run.states.count("CheckVPNStatus") == VPN_CHECKS
    system.aws.transfers()
    assert_reconciled(system, share, system.run())


def test_a_vpn_that_drops_during_the_transfer_is_made_anew_and_the_transfer_goes_on(
    system: NasSync, share: Share
) -> None:
    share.add()
    system.aws.transfers(pause=5)  # before each file
    system.forget_messages()
    arn = system.start()
    eventually(lambda: "WaitForDataSync" in system.states_of(arn), "the transfer is under way")
    system.aws.tunnels("down")
    eventually(lambda: "HandleDataSyncError" in system.states_of(arn), "the transfer has failed")
    system.aws.transfers()
    system.aws.tunnels("up")
    run = system.wait(arn)
    assert run.states.count("EstablishVPN") == 2
    assert_reconciled(system, share, run)


def test_a_transfer_that_fails_once_is_tried_again(system: NasSync, share: Share) -> None:
    share.add()
    system.aws.transfers(fail=1)
    run = system.run()
    assert run.states.count("StartDataSync") == 2
    assert_reconciled(system, share, run)


def test_a_transfer_that_fails_twice_ends_the_run(system: NasSync, share: Share) -> None:
    share.add()
    before = system.previous()
    system.aws.transfers(fail=2)
    run = system.run()
    assert_failed(system, run, "DataSyncFailed", before)
    assert run.states.count("StartDataSync") == 2
    assert "ScanTransferredFiles" not in run.states
    assert_reconciled(system, share, system.run())


def test_a_transfer_that_is_stuck_is_cancelled(system: NasSync, share: Share) -> None:
    share.add()
    before = system.previous()
    system.aws.transfers(hang=True)
    run = system.run()
    assert_failed(system, run, "DataSyncStuck", before)
    stuck = run.output("CancelDataSync")["transfer"]["arn"]
    system.aws.transfers()
    found = system.client("datasync").describe_task_execution(TaskExecutionArn=stuck)
    assert found["Status"] == "ERROR", "it goes on no longer"
    assert_reconciled(system, share, system.run())

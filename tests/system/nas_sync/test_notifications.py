"""What people are told: once, in time, the truth; and what happens if they can't be told."""

from __future__ import annotations

import json
from typing import Any

from tests.system.nas_sync.agreement import assert_failed, assert_reconciled
from tests.system.nas_sync.share import Share
from tests.system.nas_sync.system import STATE_MACHINE, SUCCEEDED, NasSync
from tests.system.system import eventually

BROKEN: dict[str, Any] = {"code": "InternalError", "status": 500}


def test_a_success_tells_how_many_of_what(system: NasSync, share: Share) -> None:
    share.add()
    run = system.run()
    assert_reconciled(system, share, run)
    assert run.arn in run.message
    assert str(len(share.fates)) in run.message
    eventually(lambda: run.arn in slack(system), "Slack has it, too")
    assert SUCCEEDED in slack(system)


def slack(system: NasSync) -> str:
    """All that Slack was told, as text."""
    said = (system.estate.home / "slack-messages.jsonl").read_text().splitlines()
    return "\n".join(json.dumps(json.loads(line), ensure_ascii=False) for line in said)


def test_a_success_that_nobody_could_be_told_of_is_a_failure(system: NasSync, share: Share) -> None:
    share.add()
    with system.aws.faults("sns.Publish", role=STATE_MACHINE, **BROKEN) as fault:
        run = system.run()
        assert fault.answered == 4, "it was tried three times more"
    assert run.status == "FAILED"
    assert run.outcomes == []
    previous = system.previous()
    assert previous is not None
    assert previous["batch"] == run.batch, "what is reconciled stays so"
    assert_reconciled(system, share, system.run())


def test_a_failure_that_nobody_could_be_told_of_ends_with_its_own_error(system: NasSync) -> None:
    before = system.previous()
    system.aws.transfers(fail=2)
    with system.aws.faults("sns.Publish", role=STATE_MACHINE, **BROKEN) as fault:
        run = system.run()
        assert fault.answered == 4, "it was tried three times more"
    assert (run.status, run.error, run.outcomes) == ("FAILED", "DataSyncFailed", [])
    assert system.previous() == before
    system.assert_vpn_is_down()


def test_a_report_that_can_t_be_composed_is_told_in_plain_words(
    system: NasSync, share: Share
) -> None:
    share.add()
    with system.aws.faults("s3.GetObject", role="BatchReporter", code="AccessDenied", status=403):
        run = system.run()
    assert_reconciled(system, share, run)
    assert run.arn in run.message


def test_a_failure_whose_report_fails_is_told_in_plain_words(system: NasSync) -> None:
    before = system.previous()
    system.aws.transfers(fail=2)
    denied: dict[str, Any] = {"code": "AccessDeniedException", "status": 400}
    with system.aws.faults("stepfunctions.*", role="BatchReporter", **denied):
        run = system.run()
    assert_failed(system, run, "DataSyncFailed", before)


def test_a_slack_that_doesn_t_answer_costs_nobody_the_run(system: NasSync, share: Share) -> None:
    share.add()
    with system.aws.faults("secretsmanager.GetSecretValue", role="SlackNotifier", **BROKEN):
        run = system.run()
        assert_reconciled(system, share, run)
        eventually(system.letters, "the notification waits in the dead letters")

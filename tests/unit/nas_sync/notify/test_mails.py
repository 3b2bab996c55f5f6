"""What the mails say: counts and reasons, or what failed and what to type; never too long."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from itertools import chain
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nas_sync import errors
from nas_sync.notify import mails
from nas_sync.notify.causes import failure, readable
from nas_sync.notify.execution import last_working
from nas_sync.notify.mails import FAILED, SUCCEEDED
from nas_sync.notify.remedies import _ADVICE, Place

MACHINE = "arn:aws:states:ap-northeast-1:123456789012:stateMachine:CIS-Monthly-Batch-Sync"
EXECUTION = "arn:aws:states:ap-northeast-1:123456789012:execution:CIS-Monthly-Batch-Sync:x"
PLACE = Place(MACHINE, EXECUTION, "exec-1", "raw", "")
REPORT = {
    "batch": "exec-1",
    "batch_type": "monthly_scheduled",
    "total_files": 512_345,
    "total_size_bytes": 540_000_000_000,
    "new": 51_000,
    "changed": 1_200,
    "retried": 3,
    "moved": 40,
    "unchanged": 460_102,
    "texts_extracted": 40_123,
    "images_processed": 9_876,
    "scanned": 512_345,
    "indexed": 512_000,
    "skipped": 300,
    "failed": 45,
    "reasons": {"encrypted": 300, "corrupt": 45},
    "opensearch": 512_345,
    "dynamodb": 512_345,
    "deleted": 52,
    "archived": 12,
    "not_archived": 3,
    "deletions_detected": True,
    "problems_key": "reports/exec-1/problems.csv",
}


def failed(error: str, cause: str = "", state: str | None = None, **request: Any) -> mails.Mail:
    """A mail about a failure."""
    found = failure({"Error": error, "Cause": cause}, state)
    return mails.failed(found, request, PLACE, None)


def commands(mail: mails.Mail) -> list[list[str]]:
    """The commands in a mail, as a shell reads them."""
    lines = [line.strip() for line in mail["message"].splitlines()]
    return [shlex.split(line) for line in lines if line.startswith(("aws ", "make "))]


def inputs(mail: mails.Mail) -> list[Any]:
    """The inputs of executions that a mail proposes."""
    found = [each for each in commands(mail) if each[1:3] == ["stepfunctions", "start-execution"]]
    assert all(each[4] == MACHINE for each in found)
    return [json.loads(each[6]) for each in found]


def test_success_tells_all_counts_reasons_in_japanese_and_where_to_look() -> None:
    mail = mails.success(REPORT, "raw", EXECUTION)

    assert mail["subject"] == SUCCEEDED == "✅ CIS Monthly Batch Sync Completed Successfully"
    for told in (
        *("512,345 件", "502.9 GiB", "新規 51,000 件", "移動 40 件", "40,123 件", "9,876 件"),
        *("512,000 件", "encrypted: 300 件 パスワードで保護", "corrupt: 45 件", "削除 12 件"),
        "移せなかったもの 3 件",
        *("s3://raw/reports/exec-1/problems.csv", "月次(monthly_scheduled)", EXECUTION),
    ):
        assert told in mail["message"]


def test_success_says_when_deletions_are_not_detected() -> None:
    mail = mails.success({**REPORT, "deletions_detected": False}, "raw", EXECUTION)

    assert "PRESERVE" in mail["message"]


def test_failure_tells_state_error_cause_and_execution() -> None:
    cause = json.dumps({"errorType": "BrakeEngaged", "errorMessage": "60 are gone", "s": ["…"]})

    mail = failed("BrakeEngaged", cause, "ScanTransferredFiles", batch_type="manual")

    assert mail["subject"] == FAILED == "❌ CIS Monthly Batch Sync Failed"
    for told in ("ScanTransferredFiles", "BrakeEngaged", "60 are gone", "手動(manual)", EXECUTION):
        assert told in mail["message"]
    assert "errorType" not in mail["message"]


def test_the_brake_is_released_for_this_batch_and_by_nothing_else() -> None:
    assert {"batch_type": "manual", "resume": "exec-1", "release_brake": True} in inputs(
        failed("BrakeEngaged", state="ScanTransferredFiles")
    )
    others = [name for name in dir(errors) if name[0].isupper() and name != "BrakeEngaged"]
    for other in others:
        assert not any("release_brake" in each for each in inputs(failed(other)))


@pytest.mark.parametrize(
    ("state", "resumed"),
    [
        *[(name, False) for name in ("ScanTransferredFiles", "StartDataSync", None)],
        *[(name, True) for name in ("ReviewResults", "BulkIndexToOpenSearch", "Reconcile")],
    ],
)
@pytest.mark.parametrize(
    "error", ["SearchUnavailable", "AccessDenied", "Sandbox.Timedout", "Lambda.Unknown", "Odd"]
)
def test_only_what_has_a_scan_is_continued(error: str, state: str | None, resumed: bool) -> None:
    [proposed] = inputs(failed(error, state=state))

    assert proposed == {"batch_type": "manual", **({"resume": "exec-1"} if resumed else {})}


@pytest.mark.parametrize(
    ("error", "part"),
    [
        ("VPNNotReady", "VPNManager"),
        ("AgentOffline", "list-agents"),
        ("DataSyncFailed", "/aws/datasync"),
        ("DataSync.InvalidRequestException", "/aws/datasync"),
        ("DataSyncStuck", "/aws/datasync"),
        ("AnotherIsRunning", "list-executions"),
        ("TooManyFailures", "s3://raw/reports/exec-1/problems.csv"),
        ("TooManyFailures", "make model ENV=prd"),
        ("ModelError", "make model ENV=prd"),
        ("Sandbox.Timedout", "get-execution-history"),
        ("States.Timeout", "get-execution-history"),
        ("ReconciliationFailed", "s3://raw/reports/exec-1/differences.jsonl"),
        ("Runtime.ExitError", "get-execution-history"),
        ("States.ExceedToleratedFailureThreshold", "list-map-runs"),
        ("States.DataLimitExceeded", "get-execution-history"),
    ],
)
def test_each_kind_of_error_has_its_command(error: str, part: str) -> None:
    assert part in " ".join(chain.from_iterable(commands(failed(error, state="Reconcile"))))


def test_what_differs_is_repaired_by_continuing_or_by_a_new_run_and_never_by_doing_all() -> None:
    assert inputs(failed("ReconciliationFailed", state="Reconcile")) == [
        {"batch_type": "manual", "resume": "exec-1"},
        {"batch_type": "manual"},
    ]


@pytest.mark.parametrize("error", ["MissingObject", "ObjectChanged"])
def test_what_lost_its_intermediate_results_begins_anew(error: str) -> None:
    assert inputs(failed(error, state="Reconcile")) == [{"batch_type": "manual"}]


def test_commands_name_what_the_environment_has() -> None:
    failure_ = failure({"Error": "DataSyncFailed"}, "CheckDataSyncStatus")
    mail = mails.failed(failure_, {}, replace(PLACE, suffix="-dev"), None)
    assert "aws logs tail /aws/datasync-dev " in mail["message"]


@pytest.mark.parametrize("error", [*_ADVICE, "SomethingElse"])
def test_a_shell_takes_what_a_command_names_for_text(error: str) -> None:
    odd = "x'; rm -rf ~ # $(rm -rf ~) `rm -rf ~`"
    place = Place(MACHINE, f"{EXECUTION} {odd}", odd, f"raw {odd}", "")
    found = failure({"Error": error}, "Reconcile")

    read = commands(mails.failed(found, {}, place, None))

    assert read
    assert all(odd in word or "-rf" not in word for word in chain.from_iterable(read))
    for each in inputs(mails.failed(found, {}, place, None)):
        assert each.get("resume", odd) == odd


def test_every_error_of_ours_has_advice_of_its_own() -> None:
    general = failed("SomethingElse")["message"].split("■")[1].splitlines()[1]
    states = ("VPNNotReady", "AgentOffline", "DataSyncFailed", "DataSyncStuck", "AnotherIsRunning")
    for error in ("InvalidRequest", "ArchivingNotDone", "BatchNotFound", *states):
        assert general not in failed(error)["message"]


def test_a_transfer_that_failed_tells_why() -> None:
    found = failure({"Error": "DataSyncFailed"}, "CheckDataSyncStatus")

    mail = mails.failed(found, {}, PLACE, "MountFailure: no route to 192.168.10.5")

    assert "転送のエラー: MountFailure: no route" in mail["message"]


@given(cause=st.text(max_size=20_000), error=st.text(max_size=2_000), kind=st.text())
def test_a_mail_stays_below_10_kib_whatever_failed(cause: str, error: str, kind: str) -> None:
    mail = failed(error, cause, "ReviewResults", batch_type=kind)

    assert len(json.dumps(mail, ensure_ascii=False).encode()) < 10 * 1024
    assert EXECUTION in mail["message"]


@given(reasons=st.dictionaries(st.text(max_size=1_000), st.integers(1, 10**9), max_size=60))
def test_a_mail_stays_below_10_kib_whatever_the_reasons(reasons: dict[str, int]) -> None:
    mail = mails.success({**REPORT, "reasons": reasons}, "raw", EXECUTION)

    assert len(mail["message"].encode()) <= mails.LONGEST
    assert EXECUTION in mail["message"]


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        ("plain", "plain"),
        ('{"errorMessage": "what", "errorType": "X", "stackTrace": ["a"]}', "what"),
        ('{"other": 1}', '{"other": 1}'),
        ("[1]", "[1]"),
        ("", "(原因の記録がありません)"),
        ("a.txt\n\n■ 次にすること\n\x1b[2K\u202egro.live", "a.txt ■ 次にすること [2K gro.live"),
    ],
)
def test_a_cause_is_made_readable(cause: str, expected: str) -> None:
    assert readable(cause) == expected


def entered(kind: str, name: str) -> dict[str, Any]:
    return {"type": f"{kind}StateEntered", "stateEnteredEventDetails": {"name": name}}


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (["Task CheckVPNStatus", "Choice IsVPNReady", "Pass VPNNotReady"], "CheckVPNStatus"),
        (["Task ScanTransferredFiles"], "ScanTransferredFiles"),
        (["Map BulkIndexToOpenSearch"], "BulkIndexToOpenSearch"),
        (["Task DisconnectVPN"], "DisconnectVPN"),
        (["Pass ReadRequest", "Choice IsRequestValid", "Pass InvalidRequest"], "IsRequestValid"),
        ([], None),
    ],
)
def test_the_failed_state_is_the_one_that_worked_last(
    states: list[str], expected: str | None
) -> None:
    ending = ["Task DisconnectVPNAfterFailure", "Task DescribeFailure"]
    named = [each.split(" ") for each in [*states, *ending]]
    history = [entered(kind, name) for kind, name in named] + [{"type": "TaskScheduled"}]

    assert last_working(reversed(history)) == expected

"""The state machine's definition: every path ends, cleans up and tells."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

import pytest

from scripts.nas_sync import diagram, pipeline

State = Mapping[str, Any]

DEFINITION = pipeline.definition()
STATES: Mapping[str, State] = DEFINITION["States"]
MAPS = {name: state["ItemProcessor"] for name, state in STATES.items() if state["Type"] == "Map"}
MACHINES = {"the run": DEFINITION, **MAPS}

CONTRACT = {
    *("EstablishVPN", "WaitForVPN", "CheckVPNStatus", "IsVPNReady", "StartDataSync"),
    *("WaitForDataSync", "CheckDataSyncStatus", "IsDataSyncComplete", "DisconnectVPN"),
    *("ScanTransferredFiles", "ProcessFilesInParallel", "BulkIndexToOpenSearch"),
    *("NotifySuccess", "HandleDataSyncError", "NotifyFailure"),
}
DISCONNECTS = {"DisconnectVPN", "DisconnectVPNAfterFailure"}
ENDS = {"BatchSucceeded", "BatchFailed"}


def ways(state: State) -> Iterator[str]:
    """Where a state may lead."""
    for choice in state.get("Choices", ()):
        yield choice["Next"]
    for key in ("Default", "Next"):
        if key in state:
            yield state[key]
    for catch in state.get("Catch", ()):
        yield catch["Next"]


def reached(begin: str, states: Mapping[str, State], without: Collection[str] = ()) -> set[str]:
    """States that can be reached from one, if none of some others may be entered."""
    found: set[str] = set()
    ahead = [begin]
    while ahead:
        name = ahead.pop()
        if name not in found and name not in without:
            found.add(name)
            ahead += ways(states[name])
    return found


def tasks() -> Iterator[tuple[str, State]]:
    for machine in MACHINES.values():
        for name, state in machine["States"].items():
            if state["Type"] == "Task":
                yield name, state


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
def test_every_state_leads_somewhere_that_is_there(machine: State) -> None:
    states = machine["States"]
    for state in states.values():
        assert set(ways(state)) <= states.keys()
        ends = state.get("End") or state["Type"] in {"Succeed", "Fail"}
        assert bool(ends) != bool(list(ways(state)))


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
def test_every_state_can_be_reached(machine: State) -> None:
    assert reached(machine["StartAt"], machine["States"]) == machine["States"].keys()


def test_the_states_that_operators_know_are_there() -> None:
    assert STATES.keys() >= CONTRACT


@pytest.mark.parametrize("name", STATES)
def test_from_every_state_the_run_can_end(name: str) -> None:
    assert reached(name, STATES) & ENDS


def test_a_loop_passes_a_state_that_counts_and_a_choice_that_ends_it() -> None:
    for machine in MACHINES.values():
        states = machine["States"]
        counters = {name for name in states if name.startswith("Count")}
        for name, state in states.items():
            again = {way for way in ways(state) if name in reached(way, states, counters)}
            assert not again, f"{name} comes back without being counted"
        for name in counters:
            counted = f"{states[name]['Parameters']}"
            assert "States.MathAdd" in counted
            choices = [state for state in states.values() if name in ways(state)]
            assert {choice["Type"] for choice in choices} == {"Choice"}
            for choice in choices:
                assert any("Numeric" in key for rule in choice["Choices"] for key in rule)


def test_an_attempt_begins_with_fresh_counts_and_one_attempt_more() -> None:
    first, again = STATES["ReadRequest"], STATES["CountTransferAttempt"]
    counts = {key: value for key, value in first["Parameters"].items() if isinstance(value, dict)}
    kept = {key: value for key, value in again["Parameters"].items() if isinstance(value, dict)}
    assert kept == counts | {"attempt": {"count.$": "States.MathAdd($.attempt.count, 1)"}}


def test_every_task_of_the_run_catches_everything() -> None:
    for state in STATES.values():
        if state["Type"] in {"Task", "Map"}:
            assert [catch["ErrorEquals"] for catch in state["Catch"]] == [["States.ALL"]]


def test_once_the_vpn_is_asked_for_no_path_ends_without_taking_it_down() -> None:
    without_disconnecting = reached("EstablishVPN", STATES, DISCONNECTS)
    assert not without_disconnecting & ENDS
    assert "ScanTransferredFiles" not in without_disconnecting


def test_disconnecting_that_fails_is_tried_again_and_then_told() -> None:
    assert set(ways(STATES["DisconnectVPN"])) == {
        "DisconnectVPNAfterFailure", "ScanTransferredFiles"
    }  # fmt: skip
    assert set(ways(STATES["DisconnectVPNAfterFailure"])) == {"DescribeFailure"}


def test_a_run_beside_another_touches_neither_vpn_nor_files() -> None:
    beside = reached("AnotherIsRunning", STATES)
    called = {
        STATES[name]["Parameters"].get("FunctionName") for name in beside & dict(tasks()).keys()
    }
    assert called == {"BatchReporter", None}


def test_every_failure_is_told_before_the_run_ends() -> None:
    start = DEFINITION["StartAt"]
    assert "BatchFailed" not in reached(start, STATES, {"NotifyFailure", "NotifySuccess"})
    assert "BatchSucceeded" not in reached(start, STATES, {"NotifySuccess"})
    assert "BatchSucceeded" not in reached("DescribeFailure", STATES)


def test_a_failed_run_ends_with_its_own_error() -> None:
    end = STATES["BatchFailed"]
    assert (end["Type"], end["ErrorPath"], end["CausePath"]) == (
        "Fail", "$.error.Error", "$.error.Cause"
    )  # fmt: skip


def test_all_failures_are_kept_under_error_but_those_of_cleaning_up_and_telling() -> None:
    kept = {
        name: catch["ResultPath"]
        for name, state in STATES.items()
        for catch in state.get("Catch", ())
        if catch["ResultPath"] != "$.error"
    }
    assert kept == {
        "CancelDataSync": "$.cancel_error",
        "DescribeFailure": "$.report_error",
        "DescribeSuccess": "$.report_error",
        "DisconnectVPNAfterFailure": "$.vpn_error",
        "NotifyFailure": "$.notice_error",
    }


@pytest.mark.parametrize(
    ("resume", "taken"),
    [
        *((good, True) for good in ("", "exec-0123456789abcdef0")),
        ("arn:aws:datasync:ap-northeast-1:123456789012:task/task-1/execution/exec-1", True),
        ("arn:aws:states:ap-northeast-1:123456789012:execution:CIS-Monthly-Batch-Sync:x", False),
        *((bad, False) for bad in ("last", "../exec-1", "'; exec-1", "true")),
    ],
)
def test_only_what_names_a_batch_is_continued(resume: str, taken: bool) -> None:
    [rules] = [
        rule["Or"]
        for rule in STATES["IsRequestValid"]["Choices"][0]["And"]
        if rule.get("Or", [{}])[0].get("Variable") == "$.request.resume"
    ]
    equal = {rule["StringEquals"] for rule in rules if "StringEquals" in rule}
    alike = [rule["StringMatches"] for rule in rules if "StringMatches" in rule]
    assert (resume in equal or any(fnmatchcase(resume, each) for each in alike)) == taken


def test_a_resumed_batch_begins_behind_its_transfer() -> None:
    resumed = reached("ResumeBatch", STATES)
    assert not resumed & {"EstablishVPN", "StartDataSync", "DisconnectVPN"}
    assert STATES["ResumeBatch"]["Next"] == "ScanTransferredFiles"


def test_no_result_of_a_task_is_kept_whole() -> None:
    for name, state in tasks():
        kept = state.get("ResultSelector") or state.get("ResultPath", "whole") is None
        assert kept or ("OutputPath" in state and state["OutputPath"] is None), name


@pytest.mark.parametrize("name", MAPS)
def test_children_are_executions_of_their_own_that_leave_nothing_behind(name: str) -> None:
    state = STATES[name]
    assert state["ItemProcessor"]["ProcessorConfig"]["Mode"] == "DISTRIBUTED"
    assert state["ResultPath"] is None
    assert not {"ItemBatcher", "ResultWriter"} & state.keys()


def test_files_may_fail_where_they_are_counted_and_nowhere_else() -> None:
    assert STATES["ProcessFilesInParallel"]["ToleratedFailurePercentage"] == 100
    assert STATES["ProcessFilesInParallel"]["Next"] == "ReviewResults"
    assert "ToleratedFailurePercentage" not in STATES["BulkIndexToOpenSearch"]


def test_what_is_waited_for_and_repeated_is_as_operators_were_told() -> None:
    assert STATES["WaitForVPN"]["Seconds"] == 300
    assert STATES["WaitForDataSync"]["Seconds"] == 600
    vpn = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 60, "MaxAttempts": 3, "BackoffRate": 2}
    for name in ("EstablishVPN", "CheckVPNStatus", "DisconnectVPN", "DisconnectVPNAfterFailure"):
        assert STATES[name]["Retry"] == [vpn]
    extractor = MAPS["ProcessFilesInParallel"]["States"]["ExtractText"]["Retry"][0]
    assert {"Lambda.ServiceException", "Lambda.TooManyRequestsException"} < {
        *extractor["ErrorEquals"]
    }
    assert [extractor[key] for key in ("IntervalSeconds", "MaxAttempts", "BackoffRate")] == [
        2,
        3,
        2,
    ]


def test_what_aws_can_t_do_just_now_is_asked_for_again() -> None:
    service = {"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 2, "MaxAttempts": 3}
    for name, state in tasks():
        if not state["Resource"].endswith("lambda:invoke"):
            assert state["Retry"] == [service | {"BackoffRate": 2}], name


def test_what_will_not_heal_is_not_repeated() -> None:
    repeated = {
        error
        for name, state in tasks()
        if "VPN" not in name
        for retry in state.get("Retry", ())
        for error in retry["ErrorEquals"]
    }
    assert repeated == {
        "AwsUnavailable",
        "Lambda.AWSLambdaException",
        "Lambda.ClientExecutionTimeoutException",
        "Lambda.SdkClientException",
        "Lambda.ServiceException",
        "Lambda.TooManyRequestsException",
        "Sandbox.Timedout",
        "SearchUnavailable",
        "States.TaskFailed",  # of AWS's own services: their functions' errors are named above
        "States.Timeout",
    }
    for _, state in tasks():
        if state["Resource"].endswith("lambda:invoke"):
            errors = [error for retry in state["Retry"] for error in retry["ErrorEquals"]]
            assert "States.TaskFailed" not in errors


def test_the_diagram_in_docs_is_of_this_definition() -> None:
    assert diagram.PAGE.read_text() == diagram.page(DEFINITION), (
        "run `python -m scripts.nas_sync.diagram`"
    )

"""BatchReporter as the state machine calls it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from batchworks.errors import JobError, SettingsError
from nas_sync.errors import MissingObject
from nas_sync.handlers import report
from nas_sync.notify.mails import FAILED, SUCCEEDED, Mail
from tests.unit.lambda_context import Context
from tests.unit.nas_sync.invoking import Lines
from tests.unit.nas_sync.notify.test_mails import EXECUTION, MACHINE, REPORT

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

TRANSFER = "arn:aws:datasync:ap-northeast-1:123456789012:task/task-1/execution/exec-1"
ERROR = {"Error": "TooManyFailures", "Cause": '{"errorMessage": "7 of 9"}'}

Call = Callable[..., Mail]


@pytest.fixture
def call(
    raw_bucket: S3Client, listen: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch
) -> Call:
    raw_bucket.put_object(Bucket="raw", Key="reports/exec-1/report.json", Body=json.dumps(REPORT))
    monkeypatch.setenv("STATE_MACHINE_ARN", MACHINE + "-dev")

    def run(**event: Any) -> Mail:
        listen(report.logger)
        context: Any = Context(function_name="BatchReporter")
        mail: Mail = report.run({"execution": EXECUTION, "request": {}, **event}, context)
        return mail

    return run


@pytest.mark.parametrize("batch", ["exec-1", TRANSFER])
def test_success_is_told_from_the_batchs_report(call: Call, lines: Lines, batch: str) -> None:
    mail = call(outcome="success", batch=batch)

    assert mail["subject"] == SUCCEEDED
    assert "512,345 件" in mail["message"]
    assert lines()[-1]["outcome"] == "complete"


def test_a_success_without_a_report_is_an_error(call: Call) -> None:
    with pytest.raises(MissingObject, match=r"reports/exec-2/report.json"):
        call(outcome="success", batch="exec-2")


@pytest.mark.parametrize("batch", ["", None, "exec-1", TRANSFER])
def test_failure_is_told_even_if_nothing_more_is_known_of_the_run(
    call: Call, lines: Lines, batch: str | None
) -> None:
    mail = call(outcome="failure", batch=batch, error=ERROR)

    assert mail["subject"] == FAILED
    assert "7 of 9" in mail["message"]
    assert "失敗したステップ: 不明" in mail["message"]
    assert any("the failed state is unknown" in line["message"] for line in lines())


@pytest.mark.parametrize("error", ["BatchNotFound", "AccessDenied", "TooManyFailures"])
def test_what_names_no_batch_gets_into_no_command(call: Call, error: str) -> None:
    batch = "exec-x'; rm -rf ~ #"

    mail = call(outcome="failure", batch=batch, error={"Error": error, "Cause": "no batch"})

    assert mail["subject"] == FAILED
    assert "rm -rf" not in mail["message"]


@pytest.mark.parametrize("error", [None, "text", {}, {"Error": None}])
def test_an_error_that_is_none_is_told_all_the_same(call: Call, error: Any) -> None:
    assert "エラー: Unknown" in call(outcome="failure", error=error)["message"]


def test_names_in_commands_have_the_suffix_of_the_environment(call: Call) -> None:
    mail = call(outcome="failure", error={"Error": "VPNNotReady", "Cause": "no"})

    assert "--function-name VPNManager-dev " in mail["message"]


@pytest.mark.parametrize(
    ("event", "named"),
    [({"outcome": "draw"}, "outcome"), ({"outcome": "success", "execution": None}, "execution")],
)
def test_a_malformed_call_names_the_field(call: Call, event: dict[str, Any], named: str) -> None:
    with pytest.raises(JobError, match=named):
        call(**event)


def test_a_missing_setting_is_named(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATE_MACHINE_ARN", "")

    with pytest.raises(SettingsError, match="STATE_MACHINE_ARN"):
        call(outcome="failure")

"""The Lambda function FileScanner: what it takes, answers and logs, on S3."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from batchworks.errors import JobError, SettingsError
from nas_sync.errors import BatchNotFound
from nas_sync.handlers import scan
from tests.unit.lambda_context import Context
from tests.unit.nas_sync.invoking import Lines
from tests.unit.nas_sync.scan.share import ARN

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CALL = {"batch": ARN, "batch_type": "manual", "full_sync": False, "release_brake": False}

Invoke = Callable[..., dict[str, Any]]


@pytest.fixture
def invoke(raw_bucket: S3Client, listen: Callable[[Any], None]) -> Invoke:
    raw_bucket.put_object(Bucket="raw", Key="monthly-sync/見積書.pdf", Body=b"x")

    def call(event: object) -> dict[str, Any]:
        listen(scan.logger)
        context: Any = Context(function_name="FileScanner")
        return scan.run(event, context)

    return call


def test_the_answer_has_what_the_state_machine_reads_and_every_line_names_the_batch(
    invoke: Invoke, lines: Lines
) -> None:
    answer = invoke(CALL)
    none = ("images", "others", "changed", "retried", "moved", "deleted", "unchanged")
    one = ("total_files", "total_size_bytes", "documents", "new", "extract_count", "index_count")
    assert answer == {
        **dict.fromkeys(none, 0),
        **dict.fromkeys(one, 1),
        "batch": "exec-2",
        "sync_batch_id": ARN,
        "extract_key": "work/exec-2/extract.json",
        "index_key": "work/exec-2/index.json",
        "deletions_detected": True,
    }
    assert invoke({**CALL, "batch": "exec-2", "resume": "exec-2"}) == answer
    logged = lines()
    assert {line["batch"] for line in logged} == {"exec-2"}
    assert logged[-1]["outcome"] == "complete"


def test_a_warning_tells_that_deletions_are_not_detected(
    invoke: Invoke, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESERVE_DELETED_FILES", "PRESERVE")
    assert invoke(CALL)["deletions_detected"] is False
    assert any("deletions are not detected" in line["message"] for line in lines())


def test_a_batch_that_cannot_be_continued_fails_aloud(invoke: Invoke, lines: Lines) -> None:
    with pytest.raises(BatchNotFound, match="exec-7"):
        invoke({**CALL, "batch": "exec-7", "resume": True})
    assert lines()[-1]["outcome"] == "failed"


def test_what_names_no_batch_is_refused_before_anything_is_read(invoke: Invoke) -> None:
    odd = "exec-x'; rm -rf ~ #"
    with pytest.raises(BatchNotFound, match="is the name of no batch: give exec-…"):
        invoke({**CALL, "batch": odd, "resume": odd})


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ([], "no JSON object but list"),
        ({**CALL, "batch": None}, "no field batch"),
        ({**CALL, "batch": 7}, "field batch is 7"),
        ({**CALL, "batch_type": "yearly"}, "batch_type is 'yearly'.*initial, monthly_scheduled"),
        ({**CALL, "full_sync": "yes"}, "full_sync is 'yes': it has to be true or false"),
    ],
)
def test_a_wrong_call_is_refused_by_the_name_of_its_field(
    invoke: Invoke, event: object, told: str
) -> None:
    with pytest.raises(JobError, match=told):
        invoke(event)


def test_a_missing_variable_is_named(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RAW_BUCKET")
    with pytest.raises(SettingsError, match="RAW_BUCKET is not set"):
        invoke(CALL)

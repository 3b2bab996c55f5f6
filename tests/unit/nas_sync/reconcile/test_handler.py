"""The Lambda function BatchReconciler: what it takes, answers and logs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from batchworks.errors import JobError, SettingsError
from nas_sync.errors import BatchNotFound, TooManyFailures
from nas_sync.handlers import reconcile
from tests.unit.lambda_context import Context
from tests.unit.nas_sync.estate import REGION, TABLE
from tests.unit.nas_sync.invoking import Lines
from tests.unit.nas_sync.reconcile.world import World

Invoke = Callable[..., dict[str, Any]]


@pytest.fixture
def invoke(
    world: World,
    opensearch_endpoint: str,
    listen: Callable[[Any], None],
    monkeypatch: pytest.MonkeyPatch,
) -> Invoke:
    """Calls the function on a world with a batch that is indexed."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "RAW_BUCKET": "raw",
        "METADATA_TABLE": TABLE,
        "OPENSEARCH_ENDPOINT": opensearch_endpoint,
        "OPENSEARCH_REGION": REGION,
        "FILES_ALIAS": world.indices.files_alias,
        "IMAGES_ALIAS": world.indices.images_alias,
        "FAILURE_PERCENT": "50",
    }.items():
        monkeypatch.setenv(name, value)
    world.hold({"a.pdf": "1", "b.docx": "2"})
    world.batch(1, {"b.docx": "corrupt"})

    def call(event: object) -> dict[str, Any]:
        listen(reconcile.logger)
        context: Any = Context(function_name="BatchReconciler")
        return reconcile.run(event, context)

    return call


def test_both_actions_answer_counts_and_every_line_names_the_batch(
    invoke: Invoke, lines: Lines
) -> None:
    assert invoke({"batch": "exec-1", "action": "review"}) == {
        "indexed": 1,
        "skipped": 0,
        "failed": 1,
        "failed_percent": 50.0,
    }
    answer = invoke({"batch": "arn:aws:datasync:::execution/exec-1", "action": "reconcile"})
    assert answer == {
        **dict.fromkeys(("scanned", "opensearch", "dynamodb"), 2),
        **dict.fromkeys(("indexed", "failed"), 1),
        **dict.fromkeys(("skipped", "deleted", "archived", "moved"), 0),
        "reasons": {"corrupt": 1},
        "report_key": "reports/exec-1/report.json",
    }
    logged = [line for line in lines() if line["service"] == "nas-sync"]
    assert {line["batch"] for line in logged} == {"exec-1"}
    assert logged[-1]["outcome"] == "complete"


def test_too_many_failures_fail_aloud(
    invoke: Invoke, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAILURE_PERCENT", "0")
    with pytest.raises(TooManyFailures, match="corrupt 1"):
        invoke({"batch": "exec-1", "action": "review"})
    assert lines()[-1]["outcome"] == "failed"


def test_a_batch_that_was_never_scanned_is_told(invoke: Invoke) -> None:
    with pytest.raises(BatchNotFound, match="exec-9"):
        invoke({"batch": "exec-9", "action": "reconcile"})


def test_a_wrong_call_or_setting_is_refused_by_name(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(JobError, match=r"field action is 'guess'.*review, reconcile"):
        invoke({"batch": "exec-1", "action": "guess"})
    with pytest.raises(JobError, match="no field batch"):
        invoke({"action": "review"})
    monkeypatch.setenv("FAILURE_PERCENT", "200")
    with pytest.raises(SettingsError, match="FAILURE_PERCENT"):
        invoke({"batch": "exec-1", "action": "review"})

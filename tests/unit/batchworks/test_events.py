"""What events ask a job for."""

from __future__ import annotations

from typing import Any

import pytest

from batchworks.errors import JobError
from batchworks.events import cause_of

JOB = "a-job"
SCHEDULED = {"id": "e-1", "detail-type": "Scheduled Event", "source": "aws.events", "detail": {}}
MANUAL = {"id": "e-2", "detail-type": "manual-trigger", "source": "batch-scheduler"}
OTHER = {"id": "e-3", "detail-type": "TableExportStarted", "source": "somebody"}


@pytest.mark.parametrize(
    ("event", "trigger"),
    [
        (SCHEDULED, "schedule"),
        (MANUAL, "manual"),
        ({**MANUAL, "detail": {"job": JOB, "environment": "local"}}, "manual"),
        ({**MANUAL, "detail": None}, "manual"),
        (OTHER, "event"),
        ({}, "invoke"),
        ({"anything": 1}, "invoke"),
    ],
)
def test_an_event_tells_the_trigger(event: dict[str, Any], trigger: str) -> None:
    assert cause_of(event, JOB).trigger == trigger


@pytest.mark.parametrize(
    ("event", "request_"),
    [
        ({**MANUAL, "detail": {"job": JOB, "table": "t"}}, {"job": JOB, "table": "t"}),
        ({**OTHER, "detail": {"table": "t"}}, {"table": "t"}),
        ({"table": "t"}, {"table": "t"}),
        (SCHEDULED, {}),
    ],
)
def test_what_is_asked_for_stands_in_an_event_or_is_all_that_a_caller_sent(
    event: dict[str, Any], request_: dict[str, Any]
) -> None:
    assert cause_of(event, JOB).request == request_


@pytest.mark.parametrize(
    ("event", "complaint"),
    [
        ([], "the event is no JSON object but list"),
        (None, "the event is no JSON object but NoneType"),
        ({"detail": [1]}, "the event's detail is no JSON object but list"),
        ({"detail": {"job": "another"}}, "meant for the job 'another'; this is a-job"),
    ],
)
def test_an_event_that_makes_no_sense_here_is_refused(event: object, complaint: str) -> None:
    with pytest.raises(JobError, match=complaint):
        cause_of(event, JOB)


def test_an_event_for_another_environment_is_refused() -> None:
    cause = cause_of({**MANUAL, "detail": {"environment": "prd"}}, JOB)
    cause.require("prd")
    with pytest.raises(JobError, match="meant for the environment 'prd'; this is 'local'"):
        cause.require("local")

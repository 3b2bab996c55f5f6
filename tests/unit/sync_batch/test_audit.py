"""The audit tells how a run ended, also when the run itself doesn't know."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from batchworks.errors import TemporaryError
from sync_batch import audit, postgres
from sync_batch.result import Result
from sync_batch.settings import Settings
from tests.conftest import Database


@pytest.mark.parametrize("committed", ["complete", "partial", "failed"])
def test_a_commit_whose_answer_was_lost_stays_noted(
    given: Settings, database: Database, committed: str
) -> None:
    run = audit.Run(uuid4(), "schedule", date(2026, 11, 22), datetime.now(UTC))
    with closing(postgres.connect(given)) as connection:
        postgres.apply_schema(connection)
        audit.begin(connection, run)
        audit.finish(connection, Result(committed, "what was read", str(run.run_id), videos=7))
        audit.fail(connection, run, 3, TemporaryError("the database went away"))
    assert database.query("SELECT outcome, message, videos FROM sync_runs") == [
        (committed, "what was read", 7)
    ]
    ((error,),) = database.query("SELECT error FROM sync_runs")
    assert (error is None) == (committed != "failed")

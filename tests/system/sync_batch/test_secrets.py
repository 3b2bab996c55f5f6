"""The API key and the password appear nowhere, however a run ends."""

import json
from urllib.parse import quote, quote_plus

import pytest

from scripts.local_estate import postgres
from scripts.youtube_stand_in import KEY, Fault, Kind
from tests.system.sync_batch.system import SyncBatch
from tests.system.system import eventually


def everything_told(system: SyncBatch) -> str:
    """Logs, answers, dead letters, audit rows and CSV files, as one text."""
    queue = json.dumps(system.dead_letters(), default=str)
    audit = json.dumps(system.rows("SELECT * FROM sync_runs"), default=str)
    files = "".join(body.decode() for body in system.csv_objects().values())
    return "\n".join([*system.log(), queue, audit, files])


@pytest.mark.parametrize(
    "kind",
    [Kind.KEY_INVALID, Kind.FORBIDDEN, Kind.QUOTA_EXCEEDED, Kind.BACKEND_ERROR, Kind.TRUNCATED],
)
def test_no_secret_is_told_when_youtube_fails(system: SyncBatch, kind: Kind) -> None:
    system.youtube.change(faults=[Fault(kind, times=None)])
    answer = system.invoke()
    assert answer.failed
    assert_nothing_leaked(system, f"{answer.payload} {answer.log} {everything_told(system)}")


def test_no_secret_is_in_the_dead_letter_of_a_failed_run(system: SyncBatch) -> None:
    system.youtube.change(keys=["another-key"])
    system.put_event({})
    eventually(system.dead_letters, "the event is in the dead-letter queue")
    assert_nothing_leaked(system, everything_told(system))


def test_no_secret_is_told_when_the_database_fails(system: SyncBatch) -> None:
    database = system.estate.database
    postgres.stop(database.data)
    postgres.start(database.data, port=database.port, password="another")
    try:
        answer = system.invoke()
        postgres.stop(database.data)
        unreachable = system.invoke()
    finally:
        postgres.start(database.data, port=database.port, password=database.password)
    assert "DB_PASSWORD" in answer.message
    told = [str(answer.payload), answer.log, str(unreachable.payload), unreachable.log]
    assert_nothing_leaked(system, "\n".join([*system.log(), *told]))


def test_no_secret_is_told_by_a_run_that_succeeds(system: SyncBatch) -> None:
    assert system.invoke().payload["outcome"] == "complete"
    assert_nothing_leaked(system, everything_told(system))


def assert_nothing_leaked(system: SyncBatch, told: str) -> None:
    assert "sync-batch" in told, "there is something to look at"
    for secret in (KEY, system.estate.database.password):
        for spelling in (secret, quote(secret, safe=""), quote_plus(secret), quote(secret)):
            assert spelling not in told

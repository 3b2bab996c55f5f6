"""What breaks around a run, and what is left of it: nothing lost, nothing doubled."""

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from scripts.local_estate import postgres
from scripts.youtube_stand_in import Fault, Kind
from tests.system.sync_batch.conftest import LIVING, SMALL
from tests.system.sync_batch.system import FUNCTION, SyncBatch
from tests.system.system import eventually

VIDEOS = set(SMALL.videos())


def videos(system: SyncBatch) -> set[str]:
    return {row[0] for row in system.rows("SELECT video_id FROM video_statistics")}


def last_run(system: SyncBatch) -> tuple[str, str | None]:
    outcome, error = system.rows(
        "SELECT outcome, error FROM sync_runs ORDER BY started_at DESC LIMIT 1"
    )[0]
    return outcome, error


def assert_the_next_run_completes(system: SyncBatch) -> None:
    assert system.invoke().payload["outcome"] == "complete"
    assert videos(system) == VIDEOS
    assert system.value("SELECT count(*) FROM video_statistics") == len(VIDEOS)
    assert system.value("SELECT count(*) FROM sync_runs WHERE outcome = 'running'") == 0


def assert_files_hold_every_video_once(system: SyncBatch) -> None:
    (file,) = [body for key, body in system.csv_objects().items() if "statistics" in key]
    ids = [line.split(",")[0] for line in file.decode().splitlines()[1:]]
    assert sorted(ids) == sorted(VIDEOS)


def test_a_wrong_key_is_told_and_nothing_changes(system: SyncBatch) -> None:
    system.youtube.change(keys=["another-key"])
    answer = system.invoke()
    assert answer.failed
    assert "YOUTUBE_API_KEY" in answer.message
    assert last_run(system)[0] == "failed"
    assert system.value("SELECT count(*) FROM channels") == 0


def test_quota_that_ends_midway_keeps_whole_channels_and_tells_when_it_is_back(
    system: SyncBatch,
) -> None:
    system.youtube.change(faults=[Fault(Kind.QUOTA_EXCEEDED, first=18, times=None)])
    answer = system.invoke()
    assert answer.failed
    assert "quota" in answer.message
    assert "Asia/Tokyo" in answer.message
    kept = system.rows("SELECT channel_id FROM channels")
    assert 0 < len(kept) < LIVING
    system.youtube.change(faults=[])
    assert_the_next_run_completes(system)


@pytest.mark.parametrize(
    "kind",
    [Kind.TOO_MANY_REQUESTS, Kind.BACKEND_ERROR, Kind.DROPPED, Kind.CUT, Kind.TRUNCATED],
)
def test_passing_faults_of_youtube_are_survived(system: SyncBatch, kind: Kind) -> None:
    system.youtube.change(faults=[Fault(kind, first=2, every=5, times=None)])
    assert_the_next_run_completes(system)


def test_a_database_that_is_down_fails_the_run_before_any_quota_is_spent(system: SyncBatch) -> None:
    database = system.estate.database
    postgres.stop(database.data)
    try:
        answer = system.invoke()
    finally:
        postgres.start(database.data, port=database.port, password=database.password)
    assert answer.failed
    assert "PostgreSQL at 127.0.0.1" in answer.message
    assert system.youtube.counters()["quota_used"] == 0
    assert_the_next_run_completes(system)


def test_a_database_that_is_cut_off_in_the_merge_is_never_half_written(system: SyncBatch) -> None:
    system.invoke()
    system.rows("DELETE FROM video_statistics")
    database = system.estate.database
    with ThreadPoolExecutor(1) as pool, system.locked("video_statistics"):
        run = pool.submit(system.invoke)
        eventually(system.somebody_waits, "the run has come to the statistics")
        postgres.stop(database.data, at_once=True)
        answer = run.result()
        postgres.start(database.data, port=database.port, password=database.password)
    assert answer.failed
    assert system.value("SELECT count(*) FROM video_statistics") == 0
    assert_the_next_run_completes(system)


@pytest.fixture
def read_only(system: SyncBatch) -> Iterator[None]:
    def set_to(value: str) -> None:
        with closing(system.estate.database.connect("postgres")) as connection:
            connection.autocommit = True
            connection.cursor().execute(
                f"ALTER DATABASE shirogane SET default_transaction_read_only = {value}"
            )

    set_to("on")
    yield
    set_to("off")


@pytest.mark.usefixtures("read_only")
def test_a_read_only_database_is_named_as_such_before_any_quota_is_spent(system: SyncBatch) -> None:
    answer = system.invoke()
    assert answer.failed
    assert "read-only" in answer.message
    assert system.youtube.counters()["quota_used"] == 0


@pytest.mark.parametrize("table", ["channels", "videos", "video_statistics"])
def test_a_handler_killed_in_the_merge_is_made_good_by_the_next_run(
    system: SyncBatch, table: str
) -> None:
    system.invoke()
    system.rows("DELETE FROM video_statistics")
    with ThreadPoolExecutor(1) as pool, system.locked(table):
        run = pool.submit(system.invoke)
        eventually(system.somebody_waits, f"the run has come to {table}")
        system.kill_handlers()
        assert run.result().payload["errorType"] == "Runtime.ExitError"
    eventually(lambda: not system.somebody_waits(), "the server has ended the session")
    assert system.value("SELECT count(*) FROM video_statistics") == 0
    assert_the_next_run_completes(system)
    assert system.value("SELECT count(*) FROM sync_runs WHERE outcome = 'abandoned'") == 1


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(
    ("action", "nth"),
    [
        ("secretsmanager.GetSecretValue", 2),
        ("s3.GetObject", 1),
        ("s3.PutObject", 1),
        ("s3.PutObject", 2),
        ("s3.PutObject", 3),
    ],
)
def test_a_handler_killed_between_two_calls_of_aws_is_made_good_by_the_next_run(
    system: SyncBatch, action: str, nth: int, moment: str
) -> None:
    system.aws.hold(action, nth, moment)
    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(system.invoke)
        eventually(system.aws.is_holding, f"the run has come to {action} {nth}")
        system.kill_handlers()
        system.aws.release()
        assert run.result().payload["errorType"] == "Runtime.ExitError"
    assert_the_next_run_completes(system)
    assert_files_hold_every_video_once(system)


def test_handlers_killed_at_any_moment_lose_and_double_nothing(system: SyncBatch) -> None:
    system.youtube.change(latency=0.05)
    moments = random.Random(20261122)
    with ThreadPoolExecutor(1) as pool:
        for _ in range(8):
            run = pool.submit(system.invoke)
            eventually(system.handlers, "the run has begun")
            time.sleep(moments.uniform(0.2, 2.5))
            system.kill_handlers()
            run.result()
            kept = system.value("SELECT to_regclass('video_statistics')")
            assert kept is None or videos(system) in (set(), VIDEOS), (
                "a merge is whole or not at all"
            )
    assert_the_next_run_completes(system)
    assert_files_hold_every_video_once(system)


def test_a_poison_event_is_given_up_after_two_retries_and_raises_the_alarms_metrics(
    system: SyncBatch,
) -> None:
    before = system.metric("AWS/Lambda", "Errors", FunctionName=FUNCTION)
    system.send([1, 2, 3])
    eventually(system.dead_letters, "the event is in the dead-letter queue")
    assert [letter["Body"] for letter in system.dead_letters()] == ["[1, 2, 3]"]
    assert system.metric("AWS/Lambda", "Errors", FunctionName=FUNCTION) - before == 3
    assert (
        system.metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", QueueName=f"{FUNCTION}-dlq")
        >= 1
    )


def test_an_event_for_another_job_that_reaches_the_function_is_refused(system: SyncBatch) -> None:
    answer = system.invoke({"detail-type": "manual-trigger", "detail": {"job": "archive"}})
    assert answer.failed
    assert "archive" in answer.message

"""Whole runs against the real PostgreSQL and YouTube's stand-in."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from batchworks.errors import JobError, TemporaryError
from scripts.youtube_stand_in import DEMO, Fault, Kind, uniform
from scripts.youtube_stand_in import YouTube as StandIn
from sync_batch import postgres, quota, sync
from sync_batch.controls import Brake, Controls, Tally
from sync_batch.refusals import KeyRefusedError, QuotaExceededError
from sync_batch.result import Result
from sync_batch.settings import Settings
from tests.conftest import Database

MANY = uniform(12, 100)  # 1 call to look up, 4 for each


@pytest.fixture
def many(given: Settings, youtube: StandIn) -> Settings:
    """Settings with equal channels, read two calls at a time."""
    youtube.change(world=MANY)
    return replace(given, youtube_channels=MANY.channel_ids, youtube_workers=2)


def run(settings: Settings, **controls: object) -> Result:
    return sync.run(settings, "operator", Controls(**controls))  # type: ignore[arg-type]


def rows(database: Database, table: str, but: str = "") -> list[tuple[object, ...]]:
    """All rows as JSON, without a column that tells the time."""
    return database.query(f"SELECT to_jsonb(t) - '{but}' FROM {table} AS t ORDER BY 1")


def audit(database: Database) -> list[tuple[object, ...]]:
    return database.query(
        "SELECT outcome, channels, channels_total, videos, quota_used FROM sync_runs "
        "ORDER BY started_at"
    )


def csv_files(settings: Settings) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in settings.csv_folder.rglob("*.csv")}


def test_a_complete_run(given: Settings, database: Database, youtube: StandIn) -> None:
    tally = Tally()
    result = run(given, tally=tally)
    assert (result.outcome, result.channels, result.channels_total) == ("complete", 8, 9)
    assert (result.videos, result.channels_missing) == (len(list(DEMO.videos())), 1)
    assert result.quota_used == youtube.counters()["quota_used"]
    assert "complete: 8 of 9 channels" in result.message
    assert f"not found: {DEMO.channel_ids[8]}" in result.message
    assert audit(database) == [("complete", 8, 9, result.videos, result.quota_used)]
    assert tally.rows == {"channels": 8, "videos": result.videos, "video_statistics": result.videos}
    assert list(tally.seconds) == ["lookup", "read", "csv", "merge"]
    today = datetime.now(quota.TOKYO).date().isoformat()
    assert result.date == today
    folder = given.csv_folder / f"raw/youtube/dt={today}"
    assert sorted(file.name for file in folder.iterdir()) == [
        "channels.csv",
        "video_statistics.csv",
        "videos.csv",
    ]


def test_the_same_run_again_gives_the_same_rows_and_bytes(
    given: Settings, database: Database
) -> None:
    run(given)
    tables = [rows(database, t) for t in ("videos", "video_statistics")]
    channels, files = rows(database, "channels", "last_synced_at"), csv_files(given)
    run(given)
    assert [rows(database, t) for t in ("videos", "video_statistics")] == tables
    assert rows(database, "channels", "last_synced_at") == channels
    assert csv_files(given) == files


def test_csv_files_go_to_the_bucket_when_there_is_one(given: Settings, bucket: str) -> None:
    run(replace(given, csv_bucket=bucket))
    keys = [item["Key"] for item in boto3.client("s3").list_objects_v2(Bucket=bucket)["Contents"]]
    assert [key.split("/")[-1] for key in keys] == [
        "channels.csv",
        "video_statistics.csv",
        "videos.csv",
    ]
    assert not given.csv_folder.exists()


def test_runs_of_a_day_share_the_budget_and_the_longest_wait_comes_first(
    many: Settings, database: Database, youtube: StandIn
) -> None:
    first = run(replace(many, youtube_quota_budget=30))
    assert (first.outcome, first.channels, first.quota_used) == ("partial", 7, 29)
    assert first.message.startswith("partial: 7 of 12 channels, 700 videos; 5 wait for quota")
    assert "midnight Pacific time" in first.message
    read_first = {row[0] for row in database.query("SELECT channel_id FROM channels")}
    second = run(replace(many, youtube_quota_budget=29 + 1 + 20))
    assert (second.outcome, second.channels) == ("partial", 5)
    newest = database.query(
        "SELECT channel_id FROM channels WHERE last_synced_at = "
        "(SELECT max(last_synced_at) FROM channels)"
    )
    assert not read_first & {row[0] for row in newest}
    assert len(csv_files(many)["channels.csv"].splitlines()) == 1 + 12
    assert youtube.counters()["quota_used"] == first.quota_used + second.quota_used


def test_without_any_quota_left_nothing_is_asked(
    many: Settings, database: Database, youtube: StandIn
) -> None:
    run(replace(many, youtube_quota_budget=30))
    before = youtube.counters()["requests"]
    result = run(replace(many, youtube_quota_budget=29))
    assert (result.outcome, result.channels, result.channels_total) == ("partial", 0, 12)
    assert result.message.startswith("partial: 0 of 12 channels; all wait for quota")
    assert youtube.counters()["requests"] == before
    assert audit(database)[-1] == ("partial", 0, 12, 0, 0)


def test_a_channel_that_no_day_can_pay_is_named_with_the_remedy(
    given: Settings,
) -> None:
    result = run(replace(given, youtube_quota_budget=10))
    assert result.outcome == "partial"
    assert f"raise it (beyond 10,000 units Google has to grant more): {DEMO.channel_ids[0]}" in (
        result.message
    )
    assert result.channels > 0


def start_of(database: Database, started_at: datetime, outcome: str, used: int) -> None:
    database.query(
        "INSERT INTO sync_runs (run_id, trigger, date, started_at, outcome, quota_used) "
        "VALUES (gen_random_uuid(), 'schedule', %s, %s, %s, %s)",
        started_at.date(),
        started_at,
        outcome,
        used,
    )


def test_only_todays_units_count_but_a_killed_runs_do(many: Settings, database: Database) -> None:
    run(replace(many, youtube_quota_budget=1))
    midnight = quota.day_start(datetime.now(UTC))
    start_of(database, midnight - timedelta(seconds=1), "running", 8000)
    start_of(database, datetime.now(UTC), "running", 2)
    assert run(replace(many, youtube_quota_budget=1 + 2 + 1 + 4)).channels == 1
    outcomes = [row[0] for row in database.query("SELECT outcome FROM sync_runs")]
    assert sorted(str(outcome) for outcome in outcomes) == [
        "abandoned",
        "abandoned",
        "partial",
        "partial",
    ]


def test_a_quota_used_up_on_the_way_keeps_what_is_complete_and_fails(
    many: Settings, database: Database, youtube: StandIn
) -> None:
    youtube.change(quota=30)
    with pytest.raises(
        QuotaExceededError, match="What was read by then is kept: failed: "
    ) as raised:
        run(many)
    ((kept,),) = database.query("SELECT count(*) FROM channels")
    assert isinstance(kept, int)
    assert 0 < kept < 12
    assert f"failed: {kept} of 12 channels" in str(raised.value)
    assert database.query("SELECT count(*) FROM videos") == [(100 * kept,)]
    assert len(csv_files(many)["videos.csv"].splitlines()) == 1 + 100 * kept
    ((outcome, channels, used, error),) = database.query(
        "SELECT outcome, channels, quota_used, error FROM sync_runs"
    )
    assert (outcome, channels) == ("failed", kept)
    assert isinstance(used, int)
    assert used >= 30
    assert str(error).startswith("QuotaExceededError: the daily quota")
    youtube.change(quota=10_000)
    assert run(many).outcome == "complete"
    assert database.query("SELECT count(*) FROM videos") == [(1200,)]


def test_a_refused_key_fails_the_run_and_is_noted_without_the_key(
    given: Settings, database: Database
) -> None:
    with pytest.raises(KeyRefusedError):
        run(replace(given, youtube_api_key="AIzaWrong"))
    ((outcome, error, used),) = database.query("SELECT outcome, error, quota_used FROM sync_runs")
    assert (outcome, used) == ("failed", 1)
    assert str(error).startswith("KeyRefusedError: ")
    assert database.query("SELECT count(*) FROM channels") == [(0,)]


def test_another_run_at_work_is_told_and_nothing_is_spent(
    given: Settings, database: Database, youtube: StandIn
) -> None:
    other = postgres.connect(given)
    assert postgres.take_lock(other)
    result = run(given)
    assert (result.outcome, result.quota_used) == ("busy", 0)
    assert "another run is at work" in result.message
    assert youtube.counters()["requests"] == {}
    assert database.query("SELECT to_regclass('sync_runs')") == [(None,)]
    other.close()
    assert run(given).outcome == "complete"


def test_of_two_runs_at_once_one_works(given: Settings, database: Database) -> None:
    outcomes: list[str] = []
    inside = threading.Event()
    second = threading.Thread(target=lambda: outcomes.append(run(given).outcome))

    def start_second() -> None:
        if not inside.is_set():
            inside.set()
            second.start()
            second.join()

    outcomes.append(run(given, watch=start_second).outcome)
    assert outcomes == ["busy", "complete"]
    assert len(audit(database)) == 1


def test_a_run_that_is_asked_to_stop_keeps_what_is_complete(
    many: Settings, database: Database
) -> None:
    tally = Tally()
    result = run(
        many, tally=tally, brake=lambda: Brake.FINISH if tally.channels_read >= 3 else Brake.OFF
    )
    assert result.outcome == "partial"
    assert 3 <= result.channels < 12
    assert f"{12 - result.channels} wait: the run was stopped" in result.message
    assert database.query("SELECT count(*) FROM channels") == [(result.channels,)]


def test_a_run_that_nears_its_end_stops_before(many: Settings, database: Database) -> None:
    tally = Tally()
    result = run(many, tally=tally, time_left=lambda: 900.0 if tally.channels_read < 2 else 0.0)
    assert result.outcome == "partial"
    assert 2 <= result.channels < 12
    assert "wait: the time limit is near" in result.message
    assert database.query("SELECT outcome FROM sync_runs") == [("partial",)]


def test_a_deleted_video_and_a_hidden_one_keep_their_history(
    many: Settings, database: Database, youtube: StandIn
) -> None:
    run(many)
    fewer = replace(MANY, channels=(replace(MANY.channels[0], videos=60), *MANY.channels[1:]))
    youtube.change(world=fewer)
    result = run(many)
    assert (result.outcome, result.videos) == ("complete", 1160)
    assert database.query("SELECT count(*) FROM videos") == [(1200,)]


@pytest.mark.parametrize(
    ("changes", "kind"),
    [({"db_port": 9}, TemporaryError), ({"db_password": "wrong"}, JobError)],
)
def test_without_database_nothing_is_spent(
    given: Settings, youtube: StandIn, changes: dict[str, object], kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        run(replace(given, **changes))  # type: ignore[arg-type]  # any field
    assert youtube.counters()["requests"] == {}


def test_a_read_only_database_is_noticed_before_anything_is_spent(
    given: Settings, database: Database, youtube: StandIn
) -> None:
    database.query(f"ALTER DATABASE {database.name} SET default_transaction_read_only = on")
    with pytest.raises(JobError, match="the database is read-only"):
        run(given)
    assert youtube.counters()["requests"] == {}


@pytest.fixture
def cut(database: Database) -> Callable[[], None]:
    """Ends all sessions of the job."""
    return lambda: void(
        database.query(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE application_name = 'sync-batch' AND datname = current_database()"
        )
    )


def void(_: object) -> None:
    """Nothing."""


def test_a_session_that_is_cut_on_the_way_fails_the_run_and_is_noted(
    many: Settings, database: Database, cut: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync_batch.work.NOTE_SECONDS", 0.0)
    tally = Tally()
    with pytest.raises(TemporaryError, match="the database went away"):
        run(many, tally=tally, watch=lambda: cut() if tally.channels_read >= 3 else None)
    assert database.query("SELECT count(*) FROM channels") == [(0,)]
    ((outcome, channels, _, _, used),) = audit(database)
    assert (outcome, channels) == ("failed", 0)
    assert used == tally.quota_used > 0
    assert run(many).outcome == "complete"


def test_a_database_that_stays_away_is_logged_at_least(
    many: Settings,
    database: Database,
    cut: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("sync_batch.work.NOTE_SECONDS", 0.0)
    administrator = database.server.connect("postgres")
    administrator.autocommit = True

    def admit(admitted: bool) -> None:
        with administrator.cursor() as cursor:
            cursor.execute(f"ALTER DATABASE {database.name} ALLOW_CONNECTIONS {admitted}")

    def shut() -> None:
        if tally.channels_read >= 3:
            cut()
            admit(False)

    tally = Tally()
    with pytest.raises(TemporaryError, match="the database went away"):
        run(many, tally=tally, watch=shut)
    assert "sync_runs can't be told of the failure" in caplog.text
    admit(True)
    administrator.close()
    assert run(many).outcome == "complete"
    assert [row[0] for row in audit(database)] == ["abandoned", "complete"]


def test_a_store_that_is_down_fails_the_run_before_the_database_is_written(
    given: Settings, database: Database, bucket: str
) -> None:
    with pytest.raises(JobError, match="CSV_BUCKET"):
        run(replace(given, csv_bucket=bucket + "-no"))
    assert database.query("SELECT count(*) FROM channels") == [(0,)]
    assert audit(database)[0][0] == "failed"


@pytest.mark.parametrize("kind", [Kind.PLAYLIST_NOT_FOUND, Kind.BACKEND_ERROR])
def test_one_unreadable_channel_makes_the_run_partial(
    many: Settings, youtube: StandIn, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync_batch.youtube.LONGEST_WAIT_SECONDS", 0.001)
    name = MANY.channel_ids[5]
    youtube.change(faults=[Fault(kind, about="UU" + name[2:], times=None)])
    result = run(many)
    assert (result.outcome, result.channels) == ("partial", 11)
    assert f"unreadable (see the log): {name}" in result.message

"""What starts a run, and what a run leaves behind."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.system.sync_batch.conftest import LIVING, SMALL
from tests.system.sync_batch.system import FUNCTION, SyncBatch
from tests.system.system import eventually

VIDEOS = set(SMALL.videos())


def outcomes(system: SyncBatch) -> list[str]:
    if system.value("SELECT to_regclass('sync_runs')") is None:
        return []
    return [row[0] for row in system.rows("SELECT outcome FROM sync_runs ORDER BY started_at")]


def assert_everything_arrived(system: SyncBatch) -> None:
    assert system.value("SELECT count(*) FROM channels") == LIVING
    assert {row[0] for row in system.rows("SELECT video_id FROM videos")} == VIDEOS
    assert {row[0] for row in system.rows("SELECT video_id FROM video_statistics")} == VIDEOS


def test_a_bare_manual_event_starts_one_run_that_brings_every_video(system: SyncBatch) -> None:
    line = system.follow(system.put_event({}))
    assert line.fields["outcome"] == "complete"
    assert outcomes(system) == ["complete"]
    assert_everything_arrived(system)


def test_the_schedule_starts_a_run(system: SyncBatch) -> None:
    system.aws.fire_schedule("sync-batch-local-schedule")
    eventually(lambda: outcomes(system) == ["complete"], "the scheduled run ended")
    assert system.rows("SELECT trigger FROM sync_runs") == [("schedule",)]


@pytest.mark.parametrize(
    ("detail", "changes"),
    [
        ({"job": "archive"}, {}),
        ({"environment": "dev"}, {}),
        ({}, {"Source": "somebody-else"}),
        ({}, {"DetailType": "another-trigger"}),
    ],
)
def test_events_for_others_start_nothing(
    system: SyncBatch, detail: dict[str, str], changes: dict[str, str]
) -> None:
    before = system.metric("AWS/Lambda", "Invocations", FunctionName=FUNCTION)
    system.put_event(detail, **changes)
    own = system.follow(system.put_event({"job": "sync-batch", "environment": "local"}))
    assert own.fields["outcome"] == "complete"
    assert system.metric("AWS/Lambda", "Invocations", FunctionName=FUNCTION) == before + 1


def test_a_run_repeated_leaves_the_same_rows_and_the_same_bytes(system: SyncBatch) -> None:
    def state() -> list[list[tuple[object, ...]]]:
        return [
            system.rows("SELECT channel_id, title, view_count FROM channels ORDER BY 1"),
            system.rows("SELECT * FROM videos ORDER BY 1"),
            system.rows("SELECT * FROM video_statistics ORDER BY 1, 2"),
        ]

    system.invoke()
    rows, files = state(), system.csv_objects()
    system.invoke()
    assert state() == rows
    assert system.csv_objects() == files


def test_the_days_files_are_in_the_bucket_under_the_day_in_tokyo(system: SyncBatch) -> None:
    system.invoke()
    day = datetime.now(UTC).astimezone(ZoneInfo("Asia/Tokyo")).date()
    assert set(system.csv_objects()) == {
        f"raw/youtube/dt={day}/{table}.csv" for table in ("channels", "videos", "video_statistics")
    }


def test_hidden_counts_are_null_and_deleted_channels_are_named(system: SyncBatch) -> None:
    answer = system.invoke()
    hidden = SMALL.channel_ids[2]
    assert system.rows("SELECT subscriber_count FROM channels WHERE channel_id = %s", hidden) == [
        (None,)
    ]
    assert system.rows(
        "SELECT DISTINCT like_count FROM video_statistics JOIN videos USING (video_id)"
        " WHERE channel_id = %s",
        SMALL.channel_ids[5],
    ) == [(None,)]
    assert SMALL.channel_ids[8] in answer.message


def test_two_events_at_once_give_one_run_that_works_and_one_that_says_so(system: SyncBatch) -> None:
    system.youtube.change(latency=0.3)
    first, second = system.put_event({}), system.put_event({})
    ends = sorted(str(system.follow(event).fields["outcome"]) for event in (first, second))
    assert ends == ["busy", "complete"]
    assert outcomes(system) == ["complete"]
    assert_everything_arrived(system)


def test_the_same_event_delivered_twice_doubles_nothing(system: SyncBatch) -> None:
    event = {"id": "11111111-2222", "detail-type": "Scheduled Event", "detail": {}}
    system.invoke(event)
    system.invoke(event)
    assert_everything_arrived(system)
    assert outcomes(system) == ["complete", "complete"]


def test_videos_that_vanish_keep_their_history(system: SyncBatch) -> None:
    system.invoke()
    smaller = SMALL.channels[:1] + SMALL.channels[2:3] * 8
    system.youtube.change(world=type(SMALL)(channels=smaller))
    system.invoke()
    assert {row[0] for row in system.rows("SELECT video_id FROM video_statistics")} >= VIDEOS

"""CSV files: the same rows give the same bytes, however they came together."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batchworks.errors import JobError
from sync_batch import records, tables
from sync_batch.records import Channel, Video
from sync_batch.tables import CHANNELS, TABLES, VIDEO_STATISTICS, VIDEOS

DAY = date(2026, 11, 22)
IDS = st.text("Aa-_09", min_size=1, max_size=4)
TEXTS = st.text(st.characters(), max_size=12).map(records.clean)
COUNTS = st.none() | st.integers(0, 2**62)
MOMENTS = st.none() | st.integers(0, 4_000_000_000).map(lambda s: datetime.fromtimestamp(s, UTC))
VIDEO_ROWS = st.builds(
    Video, IDS, st.just("UC1"), TEXTS, MOMENTS, COUNTS, COUNTS, st.none() | TEXTS, COUNTS, COUNTS,
    COUNTS,
)  # fmt: skip
CHANNEL_ROWS = st.builds(
    Channel, IDS, st.none() | TEXTS, TEXTS, st.none() | TEXTS, MOMENTS, st.none() | IDS, COUNTS,
    COUNTS, COUNTS,
)  # fmt: skip


def written(channels: Sequence[Channel], videos: Sequence[Video], folder: Path) -> dict[str, bytes]:
    """The bytes of each table's CSV file."""
    folder.mkdir(exist_ok=True)
    for table, frame in tables.frames(channels, videos, DAY).items():
        tables.write(table, frame, folder)
    return {table.name: (folder / table.file_name).read_bytes() for table in TABLES}


def newest(rows: Sequence[Video]) -> list[Video]:
    return list({row.video_id: row for row in rows}.values())


@settings(max_examples=30)
@given(st.lists(VIDEO_ROWS, unique_by=lambda row: row.video_id), st.randoms())
def test_the_order_of_rows_makes_no_difference(videos: list[Video], random: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        first = written([], videos, Path(folder))
        random.shuffle(videos)  # type: ignore[attr-defined]  # hypothesis types it loosely
        assert written([], videos, Path(folder)) == first


@settings(max_examples=30)
@given(st.lists(CHANNEL_ROWS), st.lists(VIDEO_ROWS), st.lists(CHANNEL_ROWS), st.lists(VIDEO_ROWS))
def test_two_runs_of_a_day_add_up_as_if_they_were_one(
    old_channels: list[Channel],
    old_videos: list[Video],
    new_channels: list[Channel],
    new_videos: list[Video],
) -> None:
    with TemporaryDirectory() as workplace:
        folder = Path(workplace)
        written(old_channels, old_videos, folder / "old")
        written(new_channels, new_videos, folder / "new")
        at_once = written(old_channels + new_channels, old_videos + new_videos, folder / "at once")
        for table in TABLES:
            parts = (folder / part / table.file_name for part in ("old", "new", "united"))
            (folder / "united").mkdir(exist_ok=True)
            tables.unite(table, *parts)
            assert (folder / "united" / table.file_name).read_bytes() == at_once[table.name]


@settings(max_examples=30)
@given(st.lists(VIDEO_ROWS))
def test_a_file_says_what_the_rows_said(videos: list[Video]) -> None:
    with TemporaryDirectory() as folder:
        written([], videos, Path(folder))
        with (Path(folder) / VIDEOS.file_name).open(encoding="utf-8", newline="") as file:
            found = list(csv.DictReader(file))
    expected = sorted(newest(videos))
    assert [row["video_id"] for row in found] == [video.video_id for video in expected]
    assert [row["title"] for row in found] == [video.title for video in expected]
    assert [row["duration_seconds"] for row in found] == [
        "" if video.duration_seconds is None else str(video.duration_seconds) for video in expected
    ]


def test_what_is_unknown_is_empty_and_not_0(tmp_path: Path) -> None:
    hidden = Video("v1", "UC1", "猫", None, None, None, None, 0, None, None)
    files = written([], [hidden], tmp_path)
    assert files["video_statistics"].decode() == (
        "video_id,date,view_count,like_count,comment_count\nv1,2026-11-22,0,,\n"
    )
    assert files["videos"].decode().splitlines()[1] == "v1,UC1,猫,,,,"


def test_times_are_utc(tmp_path: Path) -> None:
    channel = Channel(
        "UC1", "@neko", "猫", "JP", datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC), *[None] * 4
    )
    line = written([channel], [], tmp_path)["channels"].decode().splitlines()[1]
    assert line == "UC1,@neko,猫,JP,2020-01-02T03:04:05Z,,,,"


def test_no_rows_make_a_file_with_a_header(tmp_path: Path) -> None:
    files = written([], [], tmp_path)
    assert files["channels"].decode() == ",".join(CHANNELS.columns) + "\n"


def test_a_stored_file_with_other_columns_is_not_touched(tmp_path: Path) -> None:
    stored, new = tmp_path / "stored.csv", tmp_path / "new"
    written([], [], new)
    stored.write_text("video_id,day\nv1,2026-11-22\n")
    with pytest.raises(JobError, match="other columns than video_id, date, view_count"):
        tables.unite(VIDEO_STATISTICS, stored, new / "video_statistics.csv", tmp_path / "united")

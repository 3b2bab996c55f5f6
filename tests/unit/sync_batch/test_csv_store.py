"""A day's files are in S3 or in a folder, whole, and runs of a day add up."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import boto3
import pytest

from batchworks.errors import JobError
from sync_batch import csv_store, tables
from sync_batch.csv_store import Store
from sync_batch.records import Video

DAY = date(2026, 11, 22)
STATISTICS = "raw/youtube/dt=2026-11-22/video_statistics.csv"


@pytest.fixture(params=["bucket", "folder"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Each kind of store, empty."""
    bucket = request.getfixturevalue("bucket") if request.param == "bucket" else None
    return csv_store.open_store(bucket, tmp_path / "kept")


def run_with(folder: Path, **views: int) -> Path:
    """The files of a run that read these videos."""
    videos = [
        Video(name, "UC1", name, None, None, None, None, n, 0, 0) for name, n in views.items()
    ]
    folder.mkdir()
    for table, frame in tables.frames([], videos, DAY).items():
        tables.write(table, frame, folder)
    return folder


def content(store: Store, key: str, file: Path) -> str:
    assert store.get(key, file)
    return file.read_text()


def test_what_a_later_run_read_is_added_and_renewed(store: Store, tmp_path: Path) -> None:
    csv_store.add(store, DAY, run_with(tmp_path / "1", a=1, b=2))
    address = csv_store.add(store, DAY, run_with(tmp_path / "2", b=3, c=4))
    assert content(store, STATISTICS, tmp_path / "out").splitlines()[1:] == [
        "a,2026-11-22,1,0,0",
        "b,2026-11-22,3,0,0",
        "c,2026-11-22,4,0,0",
    ]
    assert address.rstrip("/").endswith("raw/youtube/dt=2026-11-22")


def test_the_same_run_again_changes_no_byte(store: Store, tmp_path: Path) -> None:
    csv_store.add(store, DAY, run_with(tmp_path / "1", a=1, b=2))
    first = content(store, STATISTICS, tmp_path / "out")
    csv_store.add(store, DAY, run_with(tmp_path / "2", b=2, a=1))
    assert content(store, STATISTICS, tmp_path / "out") == first


def test_another_day_is_kept_apart(store: Store, tmp_path: Path) -> None:
    csv_store.add(store, DAY, run_with(tmp_path / "1", a=1))
    csv_store.add(store, date(2026, 11, 23), run_with(tmp_path / "2", b=2))
    assert "\nb," not in content(store, STATISTICS, tmp_path / "out")


def test_nothing_is_there_at_first(store: Store, tmp_path: Path) -> None:
    assert not store.get(STATISTICS, tmp_path / "out")


def test_a_foreign_file_under_the_name_is_left_alone(store: Store, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"
    foreign.write_text("something,else\n")
    store.put(STATISTICS, foreign)
    with pytest.raises(JobError, match="move it away and run again"):
        csv_store.add(store, DAY, run_with(tmp_path / "1", a=1))
    assert content(store, STATISTICS, tmp_path / "out") == "something,else\n"


def test_a_bucket_that_is_not_there_is_named_with_the_remedy(bucket: str, tmp_path: Path) -> None:
    store = csv_store.open_store(bucket + "-no", tmp_path)
    run = run_with(tmp_path / "1", a=1)
    with pytest.raises(
        JobError, match=r"CSV_BUCKET: s3://some-bucket-no/raw.*Does the bucket exist"
    ):
        csv_store.add(store, DAY, run)
    with pytest.raises(JobError, match=r"can't be written.*s3:PutObject"):
        store.put("raw/x.csv", run / "videos.csv")


def test_a_file_in_s3_tells_its_type(bucket: str, tmp_path: Path) -> None:
    csv_store.add(csv_store.open_store(bucket, tmp_path), DAY, run_with(tmp_path / "1", a=1))
    head = boto3.client("s3").head_object(Bucket=bucket, Key=STATISTICS)
    assert head["ContentType"] == "text/csv; charset=utf-8"


def test_a_folder_that_cannot_be_written_is_named_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    store = csv_store.open_store(None, tmp_path / "file")
    with pytest.raises(JobError, match=r"CSV_FOLDER: .*Give a folder this user may write to"):
        store.put("raw/x.csv", tmp_path / "file")
    with pytest.raises(JobError, match=r"CSV_FOLDER: .* can't be read"):
        store.get("raw/x.csv", tmp_path / "out")


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    store = csv_store.open_store(None, tmp_path / "kept")
    (tmp_path / "old").write_text("old")
    (tmp_path / "new").write_text("new")
    store.put("x.csv", tmp_path / "old")
    with (tmp_path / "kept" / "x.csv").open() as reader:
        store.put("x.csv", tmp_path / "new")
        assert reader.read() == "old"


def test_a_copy_that_is_interrupted_leaves_the_old_file(tmp_path: Path) -> None:
    store = csv_store.open_store(None, tmp_path / "kept")
    (tmp_path / "old").write_text("old")
    store.put("x.csv", tmp_path / "old")
    with pytest.raises(JobError):
        store.put("x.csv", tmp_path / "gone")
    assert content(store, "x.csv", tmp_path / "out") == "old"

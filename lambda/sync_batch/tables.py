"""The day's three tables: as data frames, as CSV files, and two days' halves put together."""

from __future__ import annotations

import csv
import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TextIO

import pandas as pd

from batchworks.errors import JobError
from sync_batch.records import Channel, Video

Row = list[str]


@dataclass(frozen=True)
class Table:
    """A table's name, the columns that identify a row, and all columns."""

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]

    @property
    def file_name(self) -> str:
        """Name of the table's CSV file."""
        return f"{self.name}.csv"


_VIDEO_COUNTS = ("view_count", "like_count", "comment_count")

CHANNELS = Table("channels", ("channel_id",), Channel._fields)
VIDEOS = Table(
    "videos", ("video_id",), tuple(name for name in Video._fields if name not in _VIDEO_COUNTS)
)
VIDEO_STATISTICS = Table(
    "video_statistics", ("video_id", "date"), ("video_id", "date", *_VIDEO_COUNTS)
)
TABLES = (CHANNELS, VIDEOS, VIDEO_STATISTICS)


def frames(
    channels: Sequence[Channel], videos: Sequence[Video], day: date
) -> dict[Table, pd.DataFrame]:
    """A frame for each table, sorted by its key, each key once.

    Args:
        channels: the channels that were read.
        videos: the videos of all of them.
        day: the day the counts belong to.
    """
    channel_frame = _frame(channels, Channel._fields)
    video_frame = _frame(videos, Video._fields)
    video_frame["date"] = day.isoformat()
    whole = {CHANNELS: channel_frame, VIDEOS: video_frame, VIDEO_STATISTICS: video_frame}
    return {table: _keyed(table, frame) for table, frame in whole.items()}


def write(table: Table, frame: pd.DataFrame, folder: Path) -> None:
    """Write a frame as a UTF-8 CSV file: the same rows always give the same bytes."""
    frame.to_csv(
        folder / table.file_name,
        index=False,
        columns=list(table.columns),
        date_format="%Y-%m-%dT%H:%M:%SZ",
        lineterminator="\n",
        encoding="utf-8",
    )


def unite(table: Table, stored: Path, new: Path, united: Path) -> None:
    """Put two CSV files of a table together, row by row in constant memory; the new row wins.

    Args:
        table: whose rows they are, sorted by its key.
        stored: what there is already.
        new: what is to be added.
        united: the file to write; the same bytes as if all rows had been written at once.

    Raises:
        JobError: the stored file isn't a CSV file of this table.
    """
    with _open(stored) as old_file, _open(new) as new_file, _open(united, "w") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(table.columns)
        places = [table.columns.index(column) for column in table.key]

        def key(row: Row) -> Row:
            return [row[place] for place in places]

        both = heapq.merge(_rows(table, old_file, stored), _rows(table, new_file, new), key=key)
        for _, same in groupby(both, key):
            *_, newest = same
            writer.writerow(newest)


def _frame(rows: Sequence[Channel] | Sequence[Video], columns: Sequence[str]) -> pd.DataFrame:
    """A frame whose columns have their types from the start: inferred ones would go by float."""
    return pd.DataFrame(
        {
            name: pd.Series([row[place] for row in rows], dtype=_kind(name))
            for place, name in enumerate(columns)
        }
    )


def _kind(column: str) -> str:
    if column.endswith(("_count", "_seconds")) or column == "category_id":
        return "Int64"  # whole numbers, or none
    return "datetime64[s, UTC]" if column.endswith("_at") else "str"


def _keyed(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame[list(table.columns)]
    return frame.drop_duplicates(list(table.key), keep="last").sort_values(list(table.key))


def _rows(table: Table, file: TextIO, path: Path) -> Iterator[Row]:
    rows = csv.reader(file)
    if next(rows, None) != list(table.columns):
        raise JobError(
            f"the stored {path.name} has other columns than {', '.join(table.columns)}: "
            "move it away and run again"
        )
    return rows


def _open(path: Path, mode: str = "r") -> TextIO:
    return path.open(mode, encoding="utf-8", newline="")  # type: ignore[return-value]  # text mode

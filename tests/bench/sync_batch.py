"""sync-batch: merging, fetching, importing, and memory."""

import json
import math
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import create_engine

from scripts import youtube_stand_in
from scripts.local_estate import postgres as local_postgres
from scripts.local_estate.postgres import Postgres
from scripts.youtube_stand_in import World, YouTube, channels, uniform, videos
from sync_batch import lookup, postgres, reading, records, tables
from sync_batch.controls import Brake
from sync_batch.limits import Limits
from sync_batch.youtube import YouTube as Client
from tests.bench import IMPORT_ROOTS
from tests.bench.frame import Figure, below, seconds, times_faster

_ENOUGH_QUOTA = 1_000_000
_WORKERS = 8  # the setting's default
_NOW = datetime.now(UTC)


def merging(home: Path) -> Iterator[Figure]:
    """Merge 100,000 video rows into PostgreSQL, then the same with what lies at hand (a minute).

    Everybody gets the rows in the form it takes: ours the CSV file that a run writes anyway.
    """
    frames = _frames(uniform(channels=100, videos=1000))
    for table, frame in frames.items():
        tables.write(table, frame, home)
    rows = _plain(frames[tables.VIDEOS])
    tuples = list(rows.itertuples(index=False, name=None))
    with _database(home) as database, closing(database.connect()) as session:
        postgres.apply_schema(session)
        _merge(session, tables.CHANNELS, home)

        def merge() -> None:
            _merge(session, tables.VIDEOS, home)

        def upsert() -> None:
            _upsert_one_by_one(session, tuples)

        new = statistics.median(_fill(session, merge) for _ in range(3))
        known = statistics.median(seconds(merge) for _ in range(3))
        new_one_by_one, known_one_by_one = _fill(session, upsert), seconds(upsert)
        by_pandas = _fill(session, lambda: _insert_by_pandas(database, rows))
    subject, peer = f"merge of {len(rows):,} video rows", "INSERT … ON CONFLICT row by row"
    yield times_faster(subject, new, peer, new_one_by_one, at_least=10)
    yield times_faster(subject, new, 'DataFrame.to_sql(method="multi")', by_pandas, at_least=3)
    yield times_faster(f"{subject}, all known", known, peer, known_one_by_one, at_least=10)


def fetching(home: Path) -> Iterator[Figure]:
    """Fetch 20,000 videos, each answer 50 ms away: eight calls at a time, then one (a minute)."""
    world = uniform(channels=20, videos=1000)
    with youtube_stand_in.start(home, world, latency=0.05, quota=_ENOUGH_QUOTA) as youtube:
        parallel = seconds(lambda: _fetch(youtube, world, _WORKERS))
        one_by_one = seconds(lambda: _fetch(youtube, world, 1))
    yield times_faster(
        f"fetching of 20,000 videos, {_WORKERS} workers",
        parallel,
        "one call after the other",
        one_by_one,
        at_least=6,
    )


def importing(home: Path) -> Iterator[Figure]:
    """Import the handler in a fresh interpreter, five times."""
    program = (
        "import time; began = time.perf_counter(); import sync_batch.handlers; "
        "print(time.perf_counter() - began)"
    )
    took = [float(_run_python("-c", program, PYTHONPYCACHEPREFIX=str(home))) for _ in range(6)]
    yield below(
        "import of sync_batch.handlers",
        statistics.median(took[1:]) * 1000,
        "ms",
        limit=400,
        how="fresh interpreter, bytecode cached, median of 5",
    )


def remembering(home: Path) -> Iterator[Figure]:
    """Run the whole handler over 200,000 videos and see how much memory it took (a minute)."""
    world = uniform(channels=20, videos=10_000)
    with (
        _database(home) as database,
        youtube_stand_in.start(home, world, quota=_ENOUGH_QUOTA) as youtube,
    ):
        told = _run_python("-m", "tests.bench.one_run", **_settings(home, youtube, database, world))
    run = json.loads(told.splitlines()[-1])
    if run["result"]["videos"] != 200_000:
        raise RuntimeError(f"the run did not read 200,000 videos: {run['result']['message']}")
    yield below(
        "memory of a run over 200,000 videos",
        run["peak_bytes"] / 1e6,
        "MB",
        limit=400,
        how="peak of the handler's process",
    )


BENCHMARKS = (merging, fetching, importing, remembering)


@contextmanager
def _database(home: Path) -> Iterator[Postgres]:
    data = home / "data"
    try:
        yield local_postgres.start(data)
    finally:
        local_postgres.stop(data, at_once=True)


def _frames(world: World) -> dict[tables.Table, pd.DataFrame]:
    """What a run makes of every channel and video of a world."""
    parts = ["snippet", "statistics", "contentDetails"]
    numbers = range(len(world.channels))
    owners = [records.channel(_item(channels.resource(world, n, parts))) for n in numbers]
    rows = [
        records.video(
            _item(videos.resource(videos.upload(world, n, index), parts)), world.channel_ids[n]
        )
        for n in numbers
        for index in range(world.uploads(n))
    ]
    return tables.frames(owners, rows, _NOW.date())


def _item(resource: dict[str, Any]) -> Any:
    """An item of an answer, as the client hands it on."""
    return resource


def _merge(session: postgres.Connection, table: tables.Table, folder: Path) -> None:
    with postgres.transaction(session):
        postgres.merge(session, [table], folder, _NOW)


def _upsert_one_by_one(session: postgres.Connection, rows: Iterable[tuple[object, ...]]) -> None:
    columns = tables.VIDEOS.columns
    blanks = ", ".join(["%s"] * len(columns))
    renewed = ", ".join(f"{column} = excluded.{column}" for column in columns[1:])
    statement = (
        f"INSERT INTO videos ({', '.join(columns)}) VALUES ({blanks}) "
        f"ON CONFLICT (video_id) DO UPDATE SET {renewed}"
    )
    with session, session.cursor() as cursor:
        for row in rows:
            cursor.execute(statement, row)


def _insert_by_pandas(database: Postgres, rows: pd.DataFrame) -> None:
    engine = create_engine("postgresql+psycopg2://", creator=database.connect)
    rows.to_sql("videos", engine, if_exists="append", index=False, method="multi", chunksize=1000)
    engine.dispose()


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with Python's own values, None where there is none."""
    return frame.astype(object).where(frame.notna(), None)


def _fill(session: postgres.Connection, fill: Callable[[], None]) -> float:
    """Seconds that it takes to fill the empty table of videos."""
    with session, session.cursor() as cursor:
        cursor.execute("TRUNCATE videos CASCADE")
    took = seconds(fill)
    with session, session.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM videos")
        if cursor.fetchone() != (100_000,):
            raise RuntimeError("a merge lost rows: its time means nothing")
    return took


def _fetch(youtube: YouTube, world: World, workers: int) -> None:
    client = Client(youtube.key, youtube.endpoint, budget=_ENOUGH_QUOTA)
    limits = Limits(workers, _ENOUGH_QUOTA, time_left=lambda: math.inf, brake=lambda: Brake.OFF)
    found = lookup.find(client, world.channel_ids, workers)
    got = reading.read(client, found.channels, limits, lambda _: None)
    if got.failure or len(got.videos) != 20_000:
        raise RuntimeError(f"{len(got.videos)} of 20,000 videos were read: {got.failure}")


def _settings(home: Path, youtube: YouTube, database: Postgres, world: World) -> dict[str, str]:
    return {
        "ENVIRONMENT": "local",
        "LOG_LEVEL": "WARNING",
        "DB_HOST": local_postgres.HOST,
        "DB_PORT": str(database.port),
        "DB_NAME": local_postgres.DATABASE,
        "DB_PASSWORD": database.password,
        "DB_SSLMODE": "disable",
        "YOUTUBE_API_KEY": youtube.key,
        "YOUTUBE_ENDPOINT": youtube.endpoint,
        "YOUTUBE_CHANNELS": ",".join(world.channel_ids),
        "YOUTUBE_QUOTA_BUDGET": str(_ENOUGH_QUOTA),
        "YOUTUBE_WORKERS": str(_WORKERS),
        "CSV_FOLDER": str(home / "csv"),
    }


def _run_python(*arguments: str, **variables: str) -> str:
    """What a fresh interpreter prints that knows no other settings than these."""
    roots = os.pathsep.join(IMPORT_ROOTS)
    finished = subprocess.run(
        [sys.executable, *arguments],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": roots, **variables},
        check=False,
        capture_output=True,
        text=True,
    )
    if finished.returncode:
        raise RuntimeError(f"python {' '.join(arguments)} failed:\n{finished.stderr[-2000:]}")
    return finished.stdout

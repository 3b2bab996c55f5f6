"""The real PostgreSQL: rows arrive together or not at all, and errors say what to do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg2
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from batchworks.errors import JobError, TemporaryError
from scripts.local_estate import postgres as server
from sync_batch import postgres, postgres_errors, tables
from sync_batch.records import Channel, Video
from sync_batch.settings import Settings
from tests.conftest import Database

DAY = date(2026, 11, 22)
START = datetime(2026, 11, 21, 15, tzinfo=UTC)


@pytest.fixture
def given_settings(database: Database) -> Settings:
    """Settings that lead to the empty database."""
    return Settings(
        environment="local",
        log_level="INFO",
        db_host=server.HOST,
        db_port=database.server.port,
        db_name=database.name,
        db_username="postgres",
        db_password=database.server.password,
        db_sslmode="disable",
        youtube_api_key="",
        youtube_endpoint=None,
        youtube_channels=(),
        youtube_quota_budget=1,
        youtube_workers=1,
        csv_bucket=None,
        csv_folder=Path(),
    )


@pytest.fixture
def connection(given_settings: Settings) -> Iterator[postgres.Connection]:
    """A session of the job, with its tables."""
    opened = postgres.connect(given_settings)
    assert postgres.take_lock(opened)
    postgres.apply_schema(opened)
    yield opened
    opened.close()


@pytest.fixture
def merge(connection: postgres.Connection, tmp_path: Path) -> Callable[..., dict[str, int]]:
    """Merges rows in a transaction of their own."""

    def merge_rows(
        channels: Sequence[Channel] = (), videos: Sequence[Video] = (), day: date = DAY
    ) -> dict[str, int]:
        written(tmp_path, channels, videos, day)
        with postgres.transaction(connection):
            return postgres.merge(connection, tables.TABLES, tmp_path, START)

    return merge_rows


def written(
    folder: Path, channels: Sequence[Channel], videos: Sequence[Video], day: date = DAY
) -> None:
    for table, frame in tables.frames(channels, videos, day).items():
        tables.write(table, frame, folder)


def channel(name: str = "UC1", **changes: object) -> Channel:
    made = Channel(name, "@" + name, "猫", "JP", START, "UU1", 1, 2, 3)
    return made._replace(**changes)  # type: ignore[arg-type]  # any field


def video(name: str, **changes: object) -> Video:
    made = Video(name, "UC1", name, START, 60, 22, "none", 10, 5, 1)
    return made._replace(**changes)  # type: ignore[arg-type]  # any field


def test_rows_arrive_as_they_were_read(
    merge: Callable[..., dict[str, int]], database: Database
) -> None:
    title = 'a "quoted", \\. \\N\n猫\t👪 title'
    counts = merge([channel()], [video("v1", title=title, like_count=None, duration_seconds=None)])
    assert counts == {"channels": 1, "videos": 1, "video_statistics": 1}
    assert database.query("SELECT * FROM channels") == [
        ("UC1", "@UC1", "猫", "JP", START, "UU1", 1, 2, 3, START)
    ]
    assert database.query("SELECT * FROM videos") == [("v1", "UC1", title, START, None, 22, "none")]
    assert database.query("SELECT * FROM video_statistics") == [("v1", DAY, 10, None, 1)]


TITLES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), min_size=1)


@given(title=TITLES)
@hypothesis_settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_title_arrives_unchanged(
    merge: Callable[..., dict[str, int]], database: Database, title: str
) -> None:
    merge([channel()], [video("v1", title=title)])
    assert database.query("SELECT title FROM videos") == [(title,)]


def test_a_repeated_run_gives_the_same_rows_and_writes_no_video_again(
    merge: Callable[..., dict[str, int]], database: Database
) -> None:
    merge([channel()], [video("v1"), video("v2")])
    places = database.query("SELECT ctid::text, xmin::text, * FROM videos ORDER BY video_id")
    merge([channel()], [video("v2"), video("v1")])
    assert (
        database.query("SELECT ctid::text, xmin::text, * FROM videos ORDER BY video_id") == places
    )


def test_known_rows_are_renewed_and_days_are_kept_apart(
    merge: Callable[..., dict[str, int]], database: Database
) -> None:
    merge([channel()], [video("v1", view_count=1)])
    merge([channel(title="犬")], [video("v1", title="new", view_count=2, like_count=None)])
    merge([channel(title="犬")], [video("v1", view_count=3)], DAY + timedelta(1))
    assert database.query("SELECT title FROM channels") == [("犬",)]
    assert database.query("SELECT date, view_count, like_count FROM video_statistics") == [
        (DAY, 2, None),
        (DAY + timedelta(1), 3, 5),
    ]


def test_a_video_that_is_gone_keeps_its_history(
    merge: Callable[..., dict[str, int]], database: Database
) -> None:
    merge([channel()], [video("gone"), video("stays")])
    merge([channel()], [video("stays")], DAY + timedelta(1))
    assert database.query("SELECT video_id, count(*) FROM video_statistics GROUP BY 1") == [
        ("gone", 1),
        ("stays", 2),
    ]


def test_a_transaction_that_fails_leaves_the_database_as_it_was(
    connection: postgres.Connection, database: Database, tmp_path: Path
) -> None:
    written(tmp_path, [channel()], [video("v1")])
    shutil.copy(tmp_path / "videos.csv", tmp_path / "video_statistics.csv")
    with pytest.raises(JobError, match="the database refused"), postgres.transaction(connection):
        postgres.merge(connection, tables.TABLES, tmp_path, START)
    for table in tables.TABLES:
        assert database.query(f"SELECT count(*) FROM {table.name}") == [(0,)]
    assert not connection.closed
    assert not postgres.take_lock(postgres_twin(connection, database))


def postgres_twin(connection: postgres.Connection, database: Database) -> postgres.Connection:
    """Another session on the same database."""
    twin = database.server.connect(connection.info.dbname)
    twin.autocommit = True
    return twin


def test_one_session_has_the_lock_until_it_ends(given_settings: Settings) -> None:
    first, second = postgres.connect(given_settings), postgres.connect(given_settings)
    assert postgres.take_lock(first)
    assert not postgres.take_lock(second)
    first.close()
    third = postgres.connect(given_settings)
    assert postgres.take_lock(third)
    third.close()
    second.close()


def test_the_schema_is_applied_as_often_as_one_likes(
    connection: postgres.Connection, merge: Callable[..., dict[str, int]], database: Database
) -> None:
    merge([channel()], [video("v1")])
    postgres.apply_schema(connection)
    assert database.query("SELECT count(*) FROM videos") == [(1,)]


# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
LAMBDAS_FIRST_RETRY_SECONDS = 60


def test_a_vanished_client_has_lost_the_lock_before_lambda_tries_again(
    connection: postgres.Connection,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, setting::integer FROM pg_settings WHERE name LIKE 'tcp_%' AND "
            "source = 'client'"
        )
        given = dict(cursor.fetchall())
    silent = (
        given["tcp_keepalives_idle"]
        + given["tcp_keepalives_interval"] * given["tcp_keepalives_count"]
    )
    assert 0 < silent < LAMBDAS_FIRST_RETRY_SECONDS
    assert 0 < given["tcp_user_timeout"] / 1000 < LAMBDAS_FIRST_RETRY_SECONDS


@contextmanager
def raises_once(kind: type[Exception], pattern: str) -> Iterator[None]:
    with pytest.raises(kind, match=pattern) as raised:
        yield
    assert type(raised.value) is kind
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("changes", "kind", "remedy"),
    [
        ({"db_password": "wrong"}, JobError, "check DB_USERNAME and DB_PASSWORD"),
        ({"db_username": "nobody"}, JobError, "check DB_USERNAME and DB_PASSWORD"),
        ({"db_name": "nowhere"}, JobError, "check DB_NAME and DB_USERNAME"),
        ({"db_sslmode": "require"}, JobError, "check DB_SSLMODE"),
        ({"db_port": 9}, TemporaryError, "is DB_HOST the RDS endpoint"),
        ({"db_host": "nowhere.invalid"}, TemporaryError, "is DB_HOST the RDS endpoint"),
    ],
)
def test_a_session_that_cannot_be_opened_names_the_setting(
    given_settings: Settings, changes: dict[str, object], kind: type[Exception], remedy: str
) -> None:
    wrong = replace(given_settings, **changes)  # type: ignore[arg-type]  # any field
    with raises_once(kind, f"PostgreSQL at {wrong.db_host}:{wrong.db_port} .*{remedy}"):
        postgres.connect(wrong)


def test_a_root_certificate_that_is_missing_is_no_missing_database() -> None:
    error = psycopg2.OperationalError(
        'root certificate file "/somewhere/.postgresql/root.crt" does not exist'
    )
    assert str(postgres_errors.no_session("db:5432", error)).endswith(": check DB_SSLMODE")


def test_a_read_only_database_is_told(given_settings: Settings, database: Database) -> None:
    database.query(f"ALTER DATABASE {database.name} SET default_transaction_read_only = on")
    connection = postgres.connect(given_settings)
    assert postgres.take_lock(connection)
    with raises_once(JobError, "the database is read-only .*point DB_HOST at the writer"):
        postgres.apply_schema(connection)
    connection.close()


def test_a_missing_permission_is_told(given_settings: Settings, database: Database) -> None:
    database.query("CREATE ROLE guest LOGIN PASSWORD 'guest'")
    guest = replace(given_settings, db_username="guest", db_password="guest")
    connection = postgres.connect(guest)
    with raises_once(JobError, "lacks a permission .*grant CREATE on the schema"):
        postgres.apply_schema(connection)
    connection.close()
    database.query("DROP ROLE guest")


def test_tables_of_another_shape_are_told(
    connection: postgres.Connection, database: Database, tmp_path: Path
) -> None:
    database.query("ALTER TABLE videos DROP COLUMN duration_seconds")
    written(tmp_path, [channel()], [video("v1")])
    with raises_once(JobError, "the tables aren't those of schema.sql"):  # noqa: SIM117
        with postgres.transaction(connection):
            postgres.merge(connection, tables.TABLES, tmp_path, START)


def test_a_statement_that_waits_for_ever_is_ended(
    connection: postgres.Connection, database: Database, tmp_path: Path
) -> None:
    written(tmp_path, [channel()], [])
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
    blocker = database.server.connect(database.name)
    with blocker.cursor() as cursor:
        cursor.execute("LOCK TABLE channels")
    with raises_once(TemporaryError, "the database took too long"):  # noqa: SIM117
        with postgres.transaction(connection):
            postgres.merge(connection, tables.TABLES, tmp_path, START)
    blocker.close()


def test_a_session_that_is_cut_within_the_copy_leaves_nothing(
    connection: postgres.Connection, database: Database, tmp_path: Path
) -> None:
    written(tmp_path, [channel()], [video(f"v{n}") for n in range(1000)])
    pid = connection.info.backend_pid
    with raises_once(TemporaryError, "the database went away .*run again"):  # noqa: SIM117
        with postgres.transaction(connection):
            postgres.merge(connection, tables.TABLES[:2], tmp_path, START)
            database.query("SELECT pg_terminate_backend(%s, 5000)", pid)
            postgres.merge(connection, tables.TABLES[2:], tmp_path, START)
    assert database.query("SELECT count(*) FROM videos") == [(0,)]


def test_a_session_that_is_cut_in_the_middle_of_a_copy_leaves_nothing(
    connection: postgres.Connection,
    given_settings: Settings,
    database: Database,
    merge: Callable[..., dict[str, int]],
    tmp_path: Path,
) -> None:
    merge([channel()], [video("known", title="before")])
    tables_before = [database.query(f"SELECT * FROM {table.name}") for table in tables.TABLES]
    written(tmp_path, [channel(title="犬")], [video(f"v{n:05}") for n in range(10_000)])
    pipe = tmp_path / "videos.csv"
    content = pipe.read_bytes()
    pipe.unlink()
    os.mkfifo(pipe)
    interrupted: list[tuple[object, ...]] = []

    def feed() -> None:
        half = len(content) // 2
        with suppress(BrokenPipeError), pipe.open("wb") as rows:
            rows.write(content[:half])
            rows.flush()
            interrupted.extend(
                database.query(
                    "SELECT query, pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                    "WHERE pid = %s AND state = 'active'",
                    connection.info.backend_pid,
                )
            )
            rows.write(content[half:])

    with ThreadPoolExecutor(1) as pool:
        fed = pool.submit(feed)
        with raises_once(TemporaryError, "the database went away .*run again"):  # noqa: SIM117
            with postgres.transaction(connection):
                postgres.merge(connection, tables.TABLES, tmp_path, START)
        fed.result()
    ((statement, ended),) = interrupted
    assert (str(statement).split()[:2], ended) == (["COPY", '"incoming_videos"'], True)
    assert [
        database.query(f"SELECT * FROM {table.name}") for table in tables.TABLES
    ] == tables_before

    pipe.unlink()
    pipe.write_bytes(content)
    with closing(postgres.connect(given_settings)) as again, postgres.transaction(again):
        assert postgres.take_lock(again)
        counts = postgres.merge(again, tables.TABLES, tmp_path, START)
    assert counts == {"channels": 1, "videos": 10_000, "video_statistics": 10_000}
    assert database.query("SELECT count(*) FROM videos") == [(10_001,)]


def test_any_other_error_points_at_the_log(connection: postgres.Connection) -> None:
    with raises_once(JobError, "the database refused .*division by zero.*: see its log"):  # noqa: SIM117
        with postgres.transaction(connection), connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")


def test_an_unknown_kind_of_error_is_passed_on(connection: postgres.Connection) -> None:
    with pytest.raises(psycopg2.ProgrammingError):
        connection.cursor().execute("no sql")

"""The nightly dump and the way back, on a real PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

import psycopg2
import pytest

from scripts.local_estate.postgres import Postgres
from tests.unit.archive_host.databases import ROWS, SCHEMA, Machine
from tests.unit.archive_host.host import LISTS, POSTGRES, Host


@pytest.fixture
def machine(host: Host, server: Postgres) -> Iterator[Machine]:
    """A host with an archive list of 100 files."""
    machine = Machine(host, server)
    machine.fill()
    yield machine
    machine.drop()


def test_what_was_dumped_comes_back(machine: Machine) -> None:
    before = machine.rows()
    dumped = machine.run("archive-dump")
    assert dumped.returncode == 0, dumped.stderr
    assert "100 rows" in dumped.stdout
    machine.sql("DROP DATABASE archive WITH (FORCE)", database="postgres")

    restored = machine.run("archive-restore-database")

    assert restored.returncode == 0, restored.stderr
    assert "100 rows" in restored.stdout
    assert machine.rows() == before
    assert machine.databases() == {"archive"}


def dump(machine: Machine) -> str:
    """Dump once; the name of what is in S3 then."""
    done = machine.run("archive-dump")
    assert done.returncode == 0, done.stderr
    return machine.host.aws.dumps()[-1]


def pg_dump(machine: Machine, script: str) -> None:
    """Put a script in the place of pg_dump; "$real" is the real one."""
    machine.host.stand_in("pg_dump", f'real="{POSTGRES / "pg_dump"}"\n{script}')


def test_a_dump_is_kept_under_its_time_and_reported(machine: Machine) -> None:
    name = dump(machine)

    assert re.fullmatch(r"archive-\d{8}T\d{6}Z\.dump", name)
    size = (machine.host.aws.bucket / "dumps" / name).stat().st_size
    (reported,) = machine.host.aws.metrics()
    assert "--namespace batchworks/archive --metric-name DumpBytes" in reported
    assert reported.endswith(f"--dimensions Host=keeper --unit Bytes --value {size}")
    assert machine.databases() == {"archive"}


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ('"$real" "$@"; truncate --size=2000 "$DUMP"', "pg_restore"),
        ('"$real" "$@" --exclude-table-data=archive_list', "not kept"),
        ("exit 1", "archive.dump"),
    ],
    ids=["cut short", "without its rows", "never written"],
)
def test_a_dump_that_cannot_be_restored_is_neither_kept_nor_reported(
    machine: Machine, script: str, said: str
) -> None:
    pg_dump(machine, script)

    done = machine.run("archive-dump")

    assert done.returncode != 0
    assert said in done.stderr
    assert machine.host.aws.dumps() == []
    assert machine.host.aws.metrics() == []
    assert machine.databases() == {"archive"}
    assert list(machine.host.folder.glob("archive-dump.*")) == []


def test_a_database_whose_dump_postgresql_refuses_is_noticed(machine: Machine) -> None:
    machine.sql("""
        CREATE TABLE allowed AS SELECT 1;
        CREATE FUNCTION is_allowed(bigint) RETURNS boolean LANGUAGE sql
            AS 'SELECT EXISTS (SELECT FROM allowed)';
        ALTER TABLE archive_list ADD CHECK (is_allowed("サイズ"));
    """)

    done = machine.run("archive-dump")

    assert done.returncode != 0
    assert 'relation "allowed" does not exist' in done.stderr
    assert machine.host.aws.metrics() == []


def test_a_dump_that_s3_refuses_is_not_reported(machine: Machine) -> None:
    machine.host.aws.bucket.rmdir()

    done = machine.run("archive-dump")

    assert done.returncode != 0
    assert "NoSuchBucket" in done.stderr
    assert machine.host.aws.metrics() == []


def test_what_is_archived_during_a_dump_does_not_spoil_it(machine: Machine) -> None:
    insert = ROWS % (101, 200)
    pg_dump(machine, f'psql --quiet --dbname=archive <<\'SQL\'\n{insert};\nSQL\n"$real" "$@"')

    done = machine.run("archive-dump")

    assert done.returncode == 0, done.stderr
    assert "100 rows" in done.stdout
    assert len(machine.rows()) == 200


def test_what_a_killed_dump_left_is_no_obstacle(machine: Machine) -> None:
    machine.sql("CREATE DATABASE archive_dump_check", database="postgres")
    dump(machine)


def test_a_named_dump_is_restored_and_what_was_there_is_kept(machine: Machine) -> None:
    first = dump(machine)
    then = machine.rows()
    machine.sql(ROWS, 101, 110)
    now = machine.rows()

    with closing(machine.server.connect("archive")):  # somebody has the page open
        done = machine.run("archive-restore-database", first)

    assert done.returncode == 0, done.stderr
    assert machine.rows() == then
    (before,) = machine.databases() - {"archive"}
    assert before in done.stdout
    machine.sql(f'ALTER DATABASE "{before}" ALLOW_CONNECTIONS true', database="postgres")
    assert machine.sql("SELECT * FROM archive_list ORDER BY id", database=before) == now


def test_the_newest_dump_is_restored(machine: Machine) -> None:
    dump(machine)
    folder = machine.host.aws.bucket / "dumps"
    (folder / "archive-29991231T000000Z.dump").write_bytes(next(folder.iterdir()).read_bytes())
    (folder / "notes.txt").write_text("not a dump")

    done = machine.run("archive-restore-database")

    assert "archive-29991231T000000Z.dump is restored" in done.stdout, done.stderr


def test_a_broken_dump_leaves_the_database_alone(machine: Machine) -> None:
    before = machine.rows()
    (machine.host.aws.bucket / "dumps").mkdir()
    (machine.host.aws.bucket / "dumps" / "archive-1.dump").write_bytes(b"PGDMP")

    done = machine.run("archive-restore-database")

    assert done.returncode != 0
    assert machine.rows() == before


def test_without_a_dump_the_way_out_is_named(machine: Machine) -> None:
    before = machine.rows()

    done = machine.run("archive-restore-database")

    assert done.returncode == 1
    assert f"no dump below s3://{LISTS}/dumps/" in done.stderr
    assert "archive rebuild" in done.stderr
    assert machine.rows() == before


def test_both_roles_work_on_what_was_restored(machine: Machine) -> None:
    dump(machine)
    machine.run("archive-restore-database")

    machine.sql(f"SET ROLE archive; {SCHEMA}; CREATE TABLE more (id int); DROP TABLE more")
    assert machine.sql("SET ROLE archive_reader; SELECT count(*) FROM archive_list") == [(100,)]


def test_the_page_logs_in_to_read_only(machine: Machine) -> None:
    assert machine.sql(
        "SELECT rolcanlogin, rolsuper, rolconfig FROM pg_roles WHERE rolname = 'archive_reader'"
    ) == [(True, False, ["default_transaction_read_only=on"])]
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        machine.sql("SET ROLE archive_reader; DELETE FROM archive_list")


def test_roles_and_database_are_made_once(machine: Machine) -> None:
    before = machine.rows()

    again = machine.run("archive-database")

    assert again.returncode == 0, again.stderr
    assert machine.rows() == before

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from scripts import background, package, terraform
from scripts.archive import settings
from scripts.local_aws import client
from scripts.local_estate import demos, estate, postgres, seed, systems
from scripts.local_estate.deploy import deploy
from scripts.local_estate.estate import Estate
from scripts.youtube_stand_in import YouTube


def test_a_stack_that_does_not_exist_is_refused_before_anything_is_stopped(
    tmp_path: Path,
) -> None:
    (tmp_path / "estate.json").write_text("{}")
    with pytest.raises(terraform.TerraformError, match=r"no stack nope\. There are: .*sync-batch"):
        deploy("nope", tmp_path)
    assert (tmp_path / "estate.json").exists()


def test_an_estate_whose_servers_were_killed_is_not_running(tmp_path: Path) -> None:
    kept = {"port": 1, "password": "x", "network": {}}
    (tmp_path / "estate.json").write_text(json.dumps(kept))
    for server in ("aws", "youtube"):
        dead = {"endpoint": "http://127.0.0.1:9", "pid": 1}
        (tmp_path / f"{server}.json").write_text(json.dumps(dead))
    assert estate.running(tmp_path) is None


def test_no_estate_is_not_running(tmp_path: Path) -> None:
    assert estate.running(tmp_path) is None


def test_when_a_server_does_not_start_the_others_are_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "MODULE", "scripts.no_such_module")
    with pytest.raises(background.NotStartedError, match="no_such_module"):
        estate.start(tmp_path)
    assert not (tmp_path / "aws.json").exists()
    assert not (tmp_path / "postgres" / "postmaster.pid").exists()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    home = tmp_path_factory.mktemp("estate")
    yield estate.start(home)
    estate.stop(home)


def test_each_stack_gets_the_network_and_its_own_settings_and_no_others(running: Estate) -> None:
    estate.lend(running, "archive")
    estate.lend(running, "sync-batch")
    lent = {
        stack: json.loads(running.terraform_settings(stack).read_text())
        for stack in ("archive", "sync-batch")
    }
    assert lent["archive"].keys().isdisjoint({"youtube", "csv_bucket"})
    assert lent["sync-batch"].keys() == {"network", "database", "youtube", "csv_bucket"}
    assert lent["archive"]["network"] == lent["sync-batch"]["network"] == running.network


def test_what_was_lent_is_found_again_not_made_anew(running: Estate) -> None:
    estate.lend(running, "sync-batch")
    before = running.terraform_settings("sync-batch").read_text()
    pid = YouTube.running_in(running.home).pid
    estate.lend(running, "sync-batch")
    assert running.terraform_settings("sync-batch").read_text() == before
    assert YouTube.running_in(running.home).pid == pid


def test_a_database_that_went_away_is_there_again_for_the_next_stack(running: Estate) -> None:
    postgres.stop(running.database.data)
    estate.lend(running, "archive")
    running.database.connect("archive").close()


def test_an_archive_list_lasts_as_long_as_its_bucket(running: Estate) -> None:
    def lists() -> int:
        with closing(running.database.connect("archive")) as session, session.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_tables WHERE tablename = 'archive_list'")
            return int(cursor.fetchall()[0][0])

    def write() -> None:
        with closing(running.database.connect("archive")) as session, session:
            session.cursor().execute("CREATE TABLE archive_list ()")

    estate.lend(running, "archive")
    write()
    estate.lend(running, "archive")
    assert lists() == 0

    write()
    seed.bucket(running.aws.client, "batchworks-archive")
    estate.lend(running, "archive")
    assert lists() == 1
    running.aws.client("s3").delete_bucket(Bucket="batchworks-archive")


def test_the_reader_of_the_archive_reads_what_its_owner_makes_and_writes_nothing(
    running: Estate,
) -> None:
    estate.lend(running, "archive")

    def session(user: str) -> psycopg2.extensions.connection:
        server = running.database
        return psycopg2.connect(
            host=postgres.HOST, port=server.port, dbname="archive", user=user,
            password=server.password,
        )  # fmt: skip

    with closing(session("archive")) as owner, owner, owner.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 1 AS n")
    with closing(session("archive_reader")) as reader, reader.cursor() as cursor:
        cursor.execute("SELECT n FROM kept")
        assert cursor.fetchall() == [(1,)]
        with pytest.raises(psycopg2.Error, match=r"read-only|permission denied"):
            cursor.execute("DELETE FROM kept")


def test_the_settings_handed_over_lead_the_archive_command_to_its_database(
    running: Estate,
) -> None:
    estate.lend(running, "archive")
    told = {"AWS_REGION": "ap-northeast-1", "ARCHIVE_BUCKET": "some-bucket"}

    advice = systems.of("archive").hand_over(running, {"settings": told})

    assert "archive.env" in advice
    found = settings.load({}, running.home / "archive.env")
    assert found.bucket == "some-bucket"
    given = found.database
    psycopg2.connect(
        host=given.host, port=given.port, dbname=given.name, user=given.username,
        password=given.password,
    ).close()  # fmt: skip


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Terraform fails, and nothing has to be built for it."""

    def fail(_: object) -> None:
        raise terraform.TerraformError("broken")

    monkeypatch.setattr(package, "build", lambda *_, **__: {})
    monkeypatch.setattr(terraform, "plan", fail)


@pytest.mark.usefixtures("failing")
def test_a_stack_that_fails_leaves_the_estate_it_joined_running(running: Estate) -> None:
    with pytest.raises(terraform.TerraformError, match="broken"):
        deploy("sync-batch", running.home)
    assert estate.running(running.home) == running


@pytest.mark.usefixtures("failing")
def test_a_stack_that_fails_stops_the_estate_that_was_started_for_it(tmp_path: Path) -> None:
    with pytest.raises(terraform.TerraformError, match="broken"):
        deploy("sync-batch", tmp_path)
    assert estate.running(tmp_path) is None
    assert not (tmp_path / "postgres" / "postmaster.pid").exists()


def test_a_system_without_a_module_is_lent_the_network(running: Estate) -> None:
    estate.lend(running, "some-system")
    lent = json.loads(running.terraform_settings("some-system").read_text())
    assert lent == {"network": running.network}


def test_a_stack_without_a_demo_is_told_which_there_are() -> None:
    with pytest.raises(demos.NoDemoError, match=r"nope has no demo. There are: .*sync-batch"):
        demos.show("nope")


def test_a_server_that_is_gone_is_no_error_to_stop(tmp_path: Path) -> None:
    ready = tmp_path / "gone.json"
    ready.write_text(json.dumps({"pid": 2**22 - 1}))
    background.stop(ready)
    assert not ready.exists()


def test_a_process_that_is_not_the_server_is_left_alone(tmp_path: Path) -> None:
    ready = tmp_path / "other.json"
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        ready.write_text(json.dumps({"pid": other.pid}))
        background.stop(ready)
        assert other.poll() is None
        other.kill()

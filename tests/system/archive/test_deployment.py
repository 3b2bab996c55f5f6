"""What Terraform leaves in the account: the names people know, and no change left to make."""

from scripts import terraform
from tests.system.system import System


def test_a_second_plan_is_empty(archive: System) -> None:
    assert terraform.plan(archive.stack) is False


def test_the_names_operators_know_exist(archive: System) -> None:
    held = archive.inventory()
    assert {"batchworks-archive", "batchworks-archive-lists"} <= set(held["buckets"])
    assert "archive-host" in held["instance profiles"]
    assert {"archive-differences", "archive-host-no-dump"} <= set(held["alarms"])
    assert any(topic.endswith(":archive-alerts") for topic in held["topics"])


def test_the_command_finds_its_settings(archive: System) -> None:
    file = (archive.estate.home / "archive.env").read_text()
    assert "ARCHIVE_BUCKET='batchworks-archive'" in file
    assert f"ARCHIVE_SHARES='//fsx-server-name/share={archive.estate.home / 'share'}'" in file

"""Settings are read once; a wrong one is named, with the place to set it."""

from pathlib import Path

import pytest

from batchworks.errors import SettingsError
from scripts.archive import settings

GIVEN = {
    "ARCHIVE_BUCKET": "archive",
    "ARCHIVE_SHARES": "//fsx-server-name/share=/mnt/fsx; //nas01/総務=/mnt/somu",
    "DB_HOST": "/run/postgresql",
}


def test_shares_are_a_table() -> None:
    mounts = settings.load(GIVEN).shares.mounts
    assert mounts == {"fsx-server-name/share": Path("/mnt/fsx"), "nas01/総務": Path("/mnt/somu")}


def test_backslashes_do_as_well() -> None:
    given = GIVEN | {"ARCHIVE_SHARES": r"\\fsx-server-name\share=/mnt/fsx"}
    assert settings.load(given).shares.mounts == {"fsx-server-name/share": Path("/mnt/fsx")}


def test_a_file_gives_what_the_environment_does_not(tmp_path: Path) -> None:
    file = tmp_path / "archive.env"
    file.write_text(
        "ARCHIVE_BUCKET=from-file\nARCHIVE_SHARES=\\\\fsx-server-name\\share=/mnt/fsx\n"
        "DB_HOST=db\nDB_PORT=5433\n"
    )
    found = settings.load({"ARCHIVE_BUCKET": "mine"}, file)
    assert (found.bucket, found.database.host, found.database.port) == ("mine", "db", 5433)
    assert found.shares.mounts == {"fsx-server-name/share": Path("/mnt/fsx")}


def test_what_is_not_given_has_its_default() -> None:
    found = settings.load(GIVEN)
    assert found.marker_suffix == "_archived.txt"
    assert found.database.password is None
    assert (found.database.name, found.database.username) == ("archive", "archive")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"ARCHIVE_BUCKET": ""}, "ARCHIVE_BUCKET がありません。アーカイブ先"),
        ({"DB_HOST": ""}, "DB_HOST がありません。PostgreSQL のアドレス"),
        ({"DB_PORT": "many"}, "DB_PORT が 'many' です。1 から 65535 の整数"),
        ({"DB_PORT": "65536"}, "DB_PORT が '65536' です"),
        ({"DB_SSLMODE": "yes"}, "DB_SSLMODE が 'yes' です。disable、"),
        ({"ARCHIVE_SHARES": "//fsx-server-name=/mnt"}, "ARCHIVE_SHARES"),
        ({"ARCHIVE_SHARES": "//fsx-server-name/share"}, "ARCHIVE_SHARES"),
        ({"ARCHIVE_SHARES": ";"}, "ARCHIVE_SHARES"),
        ({"ARCHIVE_MARKER_SUFFIX": "../x"}, "ARCHIVE_MARKER_SUFFIX"),
        ({"ARCHIVE_SETTINGS": "/no/such/file"}, "/no/such/file"),
    ],
)
def test_a_wrong_setting_is_named(change: dict[str, str], told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        settings.load(GIVEN | change)

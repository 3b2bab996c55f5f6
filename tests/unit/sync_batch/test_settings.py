"""Settings are complete and sound before anything is done, or refused by name."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from batchworks.errors import SettingsError
from sync_batch import settings

EXAMPLE = Path(__file__).parents[3] / ".env.example"
LEAST = {
    "DB_HOST": "db.example",
    "DB_PASSWORD": "pass word",
    "YOUTUBE_API_KEY": "AIzaKey",
    "YOUTUBE_CHANNELS": "@neko",
}


def test_the_least_that_is_needed_is_completed_by_defaults() -> None:
    found = settings.load(LEAST)
    assert (found.environment, found.log_level) == ("prd", "INFO")
    assert (found.db_host, found.db_port) == ("db.example", 5432)
    assert (found.db_name, found.db_username, found.db_sslmode) == (
        "shirogane",
        "postgres",
        "require",
    )
    assert found.youtube_endpoint is None
    assert (found.youtube_quota_budget, found.youtube_workers) == (9000, 8)
    assert found.csv_bucket is None


def test_secrets_are_no_part_of_the_text_form() -> None:
    text = repr(settings.load(LEAST))
    assert "pass word" not in text
    assert "AIzaKey" not in text


@pytest.mark.parametrize(
    "missing", ["DB_HOST", "DB_PASSWORD", "YOUTUBE_API_KEY", "YOUTUBE_CHANNELS"]
)
def test_what_is_missing_is_named(missing: str) -> None:
    with pytest.raises(SettingsError, match=missing):
        settings.load({**LEAST, missing: ""})


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("DB_PORT", "five", "give a whole number from 1 to 65535"),
        ("DB_PORT", "0", "give a whole number from 1 to 65535"),
        ("DB_SSLMODE", "on", "give one of disable, allow, prefer, require"),
        ("DB_SSLMODE", "verify-full", "give one of disable, allow, prefer, require"),
        ("YOUTUBE_QUOTA_BUDGET", "-1", "give a whole number from 1"),
        ("YOUTUBE_WORKERS", "65", "give a whole number from 1 to 64"),
        ("YOUTUBE_API_KEY", "AIza Key", "copy the key again"),
        ("YOUTUBE_API_KEY", "鍵", "copy the key again"),
        ("YOUTUBE_ENDPOINT", "http://proxy.example", "give an https:// address"),
        ("YOUTUBE_ENDPOINT", "youtube.googleapis.com", "give an https:// address"),
        ("LOG_LEVEL", "loud", "give one of DEBUG, INFO, WARNING, ERROR"),
        ("ENV_FILE", "/nonexistent", "no such file"),
    ],
)
def test_what_is_malformed_is_named_with_the_remedy(name: str, value: str, remedy: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} .*{re.escape(remedy)}") as raised:
        settings.load({**LEAST, name: value})
    if name == "YOUTUBE_API_KEY":
        assert value not in str(raised.value)


def test_a_budget_that_never_reaches_beyond_the_lookup_is_refused() -> None:
    named = {**LEAST, "YOUTUBE_CHANNELS": "@a,@b,@c,UC" + "x" * 22}
    with pytest.raises(SettingsError, match=r"YOUTUBE_QUOTA_BUDGET is 3, .* 4 channels .* 4 units"):
        settings.load({**named, "YOUTUBE_QUOTA_BUDGET": "3"})
    assert settings.load({**named, "YOUTUBE_QUOTA_BUDGET": "4"}).youtube_quota_budget == 4


@pytest.mark.parametrize(
    "url",
    [
        "https://youtube.googleapis.com/",
        "http://127.0.0.1:8080",
        "http://localhost",
        "http://[::1]:1",
    ],
)
def test_the_key_travels_encrypted_or_stays_on_this_machine(url: str) -> None:
    assert settings.load({**LEAST, "YOUTUBE_ENDPOINT": url}).youtube_endpoint == url


def test_there_is_one_place_for_csv_files() -> None:
    assert settings.load({**LEAST, "CSV_FOLDER": "some/where"}).csv_folder == Path("some/where")
    assert settings.load({**LEAST, "CSV_BUCKET": "bucket"}).csv_bucket == "bucket"
    with pytest.raises(SettingsError, match="CSV_BUCKET and CSV_FOLDER are both set"):
        settings.load({**LEAST, "CSV_BUCKET": "bucket", "CSV_FOLDER": "folder"})


def test_environments_and_users_share_no_csv_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for environment in ("dev", "prd"):
        found = settings.load({**LEAST, "ENVIRONMENT": environment})
        assert found.csv_folder == tmp_path / f".local/share/batchworks/sync-batch/{environment}"


def test_in_lambda_csv_files_go_where_it_can_write() -> None:
    found = settings.load({**LEAST, "AWS_LAMBDA_FUNCTION_NAME": "sync-batch-prd"})
    assert found.csv_folder.parent == Path(tempfile.gettempdir())


def test_a_file_gives_what_the_environment_does_not(tmp_path: Path) -> None:
    file = tmp_path / ".env.dev"
    file.write_text("DB_HOST=in.file\nDB_NAME=in_file\nYOUTUBE_API_KEY=fromFile\n")
    found = settings.load({**LEAST, "YOUTUBE_API_KEY": ""}, file)
    assert (found.db_host, found.db_name, found.youtube_api_key) == (
        "db.example",
        "in_file",
        "fromFile",
    )


class Recording(dict[str, str]):
    """Variables that remember which ones were asked for."""

    def __init__(self) -> None:
        super().__init__(LEAST)
        self.asked: set[str] = set()

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
        self.asked.add(name)
        return super().get(name, default)


def example_lines() -> Iterator[tuple[str, str]]:
    for line in EXAMPLE.read_text().splitlines():
        if found := re.fullmatch(r"(?:# )?([A-Z_]+)=\S* +# (.+)", line):
            yield found[1], found[2]


def test_the_example_file_explains_each_setting_in_a_line() -> None:
    recording = Recording()
    settings.load(recording)
    secret_arns = {"DB_PASSWORD_SECRET_ARN", "YOUTUBE_API_KEY_SECRET_ARN"}
    assert dict(example_lines()).keys() == recording.asked | secret_arns


def test_the_example_file_lacks_nothing_but_what_it_leaves_empty(tmp_path: Path) -> None:
    file = tmp_path / ".env.dev"
    file.write_text(EXAMPLE.read_text())
    assert settings.load(LEAST, file) == settings.load(LEAST)

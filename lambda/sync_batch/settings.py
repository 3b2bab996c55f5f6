"""What sync-batch is told: read once, before anything is done."""

from __future__ import annotations

import ipaddress
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from batchworks.errors import SettingsError
from batchworks.settings import Variables, in_lambda, read_variables
from sync_batch import channel_list, quota

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
SSL_MODES = ("disable", "allow", "prefer", "require")


@dataclass(frozen=True)
class Settings:
    """Everything a run needs to know. Secrets are left out of its text form."""

    environment: str
    log_level: str
    db_host: str
    db_port: int
    db_name: str
    db_username: str
    db_password: str = field(repr=False)
    db_sslmode: str
    youtube_api_key: str = field(repr=False)
    youtube_endpoint: str | None  # None: Google's
    youtube_channels: tuple[str, ...]  # ids and @handles
    youtube_quota_budget: int  # units a day
    youtube_workers: int
    csv_bucket: str | None
    csv_folder: Path  # used when there is no bucket


def load(environ: Mapping[str, str], default_file: Path | None = None) -> Settings:
    """Read the settings: environment, then the file `ENV_FILE` names, then secrets, then defaults.

    Args:
        environ: such as `os.environ`.
        default_file: the file when `ENV_FILE` isn't set; may be absent. In Lambda it is what an
            optional layer brings: `/opt/config/.env.<environment>`.

    Raises:
        SettingsError: one is missing or malformed; the message names it and the remedy.
        TemporaryError: a secret can't be reached just now.
    """
    expected = environ.get("ENVIRONMENT") or "prd"
    given = read_variables(environ, default_file or Path(f"/opt/config/.env.{expected}"))
    environment = given.optional("ENVIRONMENT") or expected
    found = Settings(
        # secrets first: from then on no message tells them
        db_password=given.secret("DB_PASSWORD", key="password"),
        youtube_api_key=_api_key(given),
        environment=environment,
        log_level=given.choice("LOG_LEVEL", "INFO", LOG_LEVELS),
        db_host=given.required("DB_HOST", "the address of the PostgreSQL server"),
        db_port=given.integer("DB_PORT", 5432, range(1, 65536)),
        db_name=given.optional("DB_NAME") or "shirogane",
        db_username=given.optional("DB_USERNAME") or "postgres",
        db_sslmode=given.choice("DB_SSLMODE", "require", SSL_MODES),
        youtube_endpoint=_endpoint(given),
        youtube_quota_budget=given.integer("YOUTUBE_QUOTA_BUDGET", 9000, range(1, 10_000_001)),
        youtube_workers=given.integer("YOUTUBE_WORKERS", 8, range(1, 65)),
        csv_bucket=given.optional("CSV_BUCKET"),
        csv_folder=_csv_folder(given, environment),
        youtube_channels=channel_list.read(
            given.required("YOUTUBE_CHANNELS", "ids and @handles, or s3://bucket/key.csv")
        ),
    )
    _check_budget(found)
    return found


def _check_budget(found: Settings) -> None:
    names, budget = found.youtube_channels, found.youtube_quota_budget
    if budget < (needed := quota.lookup_calls(names)):
        raise SettingsError(
            f"YOUTUBE_QUOTA_BUDGET is {budget}, but to look up {len(names)} channels alone takes "
            f"{needed} units: raise it, beyond that by 2 for each 50 videos"
        )


def _api_key(given: Variables) -> str:
    key = given.secret("YOUTUBE_API_KEY").strip()
    if not (key.isascii() and key.isprintable() and " " not in key):
        raise SettingsError(
            "YOUTUBE_API_KEY holds characters no API key has: copy the key again from the Google "
            "Cloud console"
        )
    return key


def _endpoint(given: Variables) -> str | None:
    url = given.optional("YOUTUBE_ENDPOINT")
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname)):
        return url
    raise SettingsError(
        f"YOUTUBE_ENDPOINT is {url!r}: give an https:// address, or http:// on this machine; "
        "the API key travels to it"
    )


def _is_loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _csv_folder(given: Variables, environment: str) -> Path:
    folder = given.optional("CSV_FOLDER")
    if folder and given.optional("CSV_BUCKET"):
        raise SettingsError("CSV_BUCKET and CSV_FOLDER are both set: keep one of them")
    if folder:
        return Path(folder)
    if in_lambda(given.environment):  # which can write nowhere else
        return Path(tempfile.gettempdir(), "sync-batch")
    return Path.home() / ".local/share/batchworks/sync-batch" / environment

"""Settings of the archive command: read once, from the environment and one settings file."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

from batchworks.errors import SettingsError
from batchworks.settings import Variables
from scripts.archive.shares import Shares

DEFAULT_FILE = (
    Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData")) / "batchworks" / "archive.env"
    if sys.platform == "win32"
    else Path("/etc/batchworks/archive.env")
)
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


@dataclass(frozen=True)
class Database:
    """How to reach PostgreSQL; without a password the server trusts the user (peer, .pgpass)."""

    host: str
    port: int
    name: str
    username: str
    password: str | None
    sslmode: str


@dataclass(frozen=True)
class Settings:
    """Everything the commands need to know.

    Args:
        region: AWS region of the buckets.
        bucket: holds the archived objects.
        lists_bucket: holds manifests and reports of S3 Batch Operations, and the inventory.
        batch_role_arn: role that S3 Batch Operations works with.
        inventory: `s3://bucket/prefix` below which S3 writes the archive bucket's inventory.
        shares: the shares this host can reach.
        marker_suffix: what a marker's name has after the original's.
        reports: folder for the lists and logs of each run.
        restored: folder that `collect` puts files into, unless it is told another.
        database: where the archive list is.
    """

    region: str
    bucket: str
    lists_bucket: str | None
    batch_role_arn: str | None
    inventory: str | None
    shares: Shares
    marker_suffix: str
    reports: Path
    restored: Path | None
    database: Database


class _Japanese(Variables):
    """The same values; what is wrong with one is said to operators."""

    def required(self, name: str, meaning: str) -> str:
        if (value := self.optional(name)) is None:
            raise SettingsError(f"{name} がありません。{meaning}を {self.place}に書いてください")
        return value

    def integer(self, name: str, default: int, allowed: range) -> int:
        try:
            return super().integer(name, default, allowed)
        except SettingsError as error:
            between = f"{allowed.start} から {allowed.stop - 1} の整数"
            raise SettingsError(self._wrong(name, between)) from error

    def choice(self, name: str, default: str, options: Collection[str]) -> str:
        try:
            return super().choice(name, default, options)
        except SettingsError as error:
            raise SettingsError(self._wrong(name, "、".join(options))) from error

    def _wrong(self, name: str, right: str) -> str:
        return f"{name} が {self.optional(name)!r} です。{right} のいずれかにしてください"


def load(environ: Mapping[str, str], file: Path | None = None) -> Settings:
    """Read the settings.

    Args:
        environ: such as `os.environ`; what stands there wins over the file.
        file: the settings file; `ARCHIVE_SETTINGS`, else the host's own, when it isn't given.

    Raises:
        SettingsError: one is missing or malformed; the message names it and the place to set it.
        TemporaryError: the secret with the password can't be read now.
    """
    variables = _variables(environ, file)
    return Settings(
        region=variables.optional("AWS_REGION") or "ap-northeast-1",
        bucket=variables.required("ARCHIVE_BUCKET", "アーカイブ先の S3 バケット名"),
        lists_bucket=variables.optional("ARCHIVE_LISTS_BUCKET"),
        batch_role_arn=variables.optional("ARCHIVE_BATCH_ROLE_ARN"),
        inventory=variables.optional("ARCHIVE_INVENTORY"),
        shares=_shares(variables),
        marker_suffix=_suffix(variables),
        reports=Path(variables.optional("ARCHIVE_REPORT_FOLDER") or "."),
        restored=_folder(variables.optional("ARCHIVE_RESTORE_FOLDER")),
        database=_database(variables),
    )


def load_database(environ: Mapping[str, str], file: Path | None = None) -> Database:
    """Read only how to reach the archive list: all that looking up needs.

    Args:
        environ: such as `os.environ`; what stands there wins over the file.
        file: as in `load`.

    Raises:
        SettingsError: a setting is missing or malformed.
        TemporaryError: the secret with the password can't be read now.
    """
    return _database(_variables(environ, file))


def _variables(environ: Mapping[str, str], file: Path | None) -> Variables:
    given = file or Path(environ.get("ARCHIVE_SETTINGS") or DEFAULT_FILE)
    asked = file is not None or bool(environ.get("ARCHIVE_SETTINGS"))
    if asked and not given.is_file():
        raise SettingsError(f"設定ファイル {given} がありません。パスを確認してください")
    values = _read(given) if given.is_file() else {}
    return _Japanese(environ, values, f"{given} または環境変数")


def _read(file: Path) -> dict[str, str]:
    try:
        with file.open(encoding="utf-8") as stream:
            values = dotenv_values(stream=stream, interpolate=False)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"設定ファイル {file} を読めません: {error}") from error
    return {name: value for name, value in values.items() if value is not None}


def _shares(variables: Variables) -> Shares:
    text = variables.required(
        "ARCHIVE_SHARES", r"共有とマウント先（例 //fsx-server-name/share=/mnt/fsx;…）"
    )
    mounts = {}
    for entry in filter(None, (part.strip() for part in text.split(";"))):
        share, _, mount = entry.partition("=")
        names = [part for part in re.split(r"[\\/]+", share.strip()) if part]
        if len(names) != 2 or not mount.strip():
            raise SettingsError(
                f"ARCHIVE_SHARES の {entry!r} を読めません。"
                "//サーバー名/共有名=マウント先 の形で、複数は ; で区切ってください"
            )
        mounts["/".join(names)] = Path(mount.strip())
    if not mounts:
        raise SettingsError("ARCHIVE_SHARES に共有が 1 つもありません")
    return Shares(mounts)


def _suffix(variables: Variables) -> str:
    suffix = variables.optional("ARCHIVE_MARKER_SUFFIX") or "_archived.txt"
    if re.search(r'[\\/:*?"<>|\0]', suffix):
        raise SettingsError(
            f"ARCHIVE_MARKER_SUFFIX の {suffix!r} はファイル名に使えない文字を含みます"
        )
    return suffix


def _password(variables: Variables) -> str:
    try:
        return variables.secret("DB_PASSWORD", key="password")
    except SettingsError as error:
        raise SettingsError(
            "DB_PASSWORD_SECRET_ARN のシークレットを読めません。"
            f"ARN、中身の password、権限を確認してください（{error}）"
        ) from error


def _folder(text: str | None) -> Path | None:
    return Path(text) if text else None


def _database(variables: Variables) -> Database:
    has_password = variables.optional("DB_PASSWORD") or variables.optional("DB_PASSWORD_SECRET_ARN")
    return Database(
        host=variables.required("DB_HOST", "PostgreSQL のアドレスまたはソケットのフォルダー"),
        port=variables.integer("DB_PORT", 5432, range(1, 65536)),
        name=variables.optional("DB_NAME") or "archive",
        username=variables.optional("DB_USERNAME") or "archive",
        password=_password(variables) if has_password else None,
        sslmode=variables.choice("DB_SSLMODE", "prefer", SSL_MODES),
    )

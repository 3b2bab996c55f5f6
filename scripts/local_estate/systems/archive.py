"""archive's surroundings: a file share, a database with an owner and a reader, its settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scripts.local_estate import postgres, seed
from scripts.local_estate.systems import Outputs, System

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.local_estate.estate import Estate

BUCKET = "batchworks-archive"
DATABASE = "archive"
OWNER = "archive"
READER = "archive_reader"
SHARE = "//fsx-server-name/share"

_TRY = """\
The share {share} is the folder {home}/share; AWS answers at {aws}. Try:

  make install
  . {home}/aws.env && export ARCHIVE_SETTINGS={home}/archive.env
  archive --help
  DB_USERNAME={reader} archive page"""


def share(estate: Estate) -> Path:
    """The folder that is mounted as the file share."""
    return estate.home / "share"


def settings_file(estate: Estate) -> Path:
    """The settings of the command `archive`, for ARCHIVE_SETTINGS."""
    return estate.home / "archive.env"


def _lend(estate: Estate) -> dict[str, Any]:
    share(estate).mkdir(exist_ok=True)
    if BUCKET not in seed.buckets(estate.aws.client):
        postgres.drop_database(estate.database, DATABASE)  # its list is of a bucket that is gone
    postgres.create_role(estate.database, OWNER)
    postgres.create_database(estate.database, DATABASE, owner=OWNER)
    postgres.create_reader(estate.database, READER, DATABASE, owner=OWNER)
    return {}


def _hand_over(estate: Estate, outputs: Outputs) -> str:
    settings = {
        **outputs["settings"],
        "ARCHIVE_SHARES": f"{SHARE}={share(estate)}",
        "ARCHIVE_REPORT_FOLDER": str(_folder(estate, "reports")),
        "ARCHIVE_RESTORE_FOLDER": str(_folder(estate, "restored")),
        "DB_HOST": postgres.HOST,
        "DB_PORT": str(estate.database.port),
        "DB_NAME": DATABASE,
        "DB_USERNAME": OWNER,
        "DB_PASSWORD": estate.database.password,
        "DB_SSLMODE": "disable",
    }
    file = settings_file(estate)
    file.touch(mode=0o600)
    file.write_text("".join(f"{name}='{value}'\n" for name, value in settings.items()))
    return _TRY.format(
        share=SHARE.replace("/", "\\"),
        home=estate.told_home,
        aws=estate.aws.endpoint,
        reader=READER,
    )


def _folder(estate: Estate, name: str) -> Path:
    folder = estate.home / name
    folder.mkdir(exist_ok=True)
    return folder


SYSTEM = System(lend=_lend, hand_over=_hand_over)

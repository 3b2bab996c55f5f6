"""sync-batch's surroundings: YouTube, a database, a bucket for the CSV files, two secrets."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING, Any

from scripts.local_estate import postgres, seed
from scripts.local_estate.systems import Outputs, Server, System
from scripts.youtube_stand_in import DEMO, YouTube, process

if TYPE_CHECKING:
    from scripts.local_estate.estate import Estate

DATABASE = "shirogane"
CSV_BUCKET = "shirogane-data-local"

_TRY = """\
AWS answers at {aws}, YouTube at {youtube}. Try:

  make trigger ENV=local WAIT=1
  . {home}/aws.env && aws events list-rules
  PGPASSWORD={password} psql -h {host} -p {port} -U {user} {database}"""


def youtube(estate: Estate) -> YouTube:
    """The stand-in that runs beside an estate."""
    return YouTube.running_in(estate.home)


def channels() -> list[str]:
    """The channels of the YouTube stand-in, as an operator would list them: handles and ids."""
    return [*DEMO.handles[:4], *DEMO.channel_ids[4:]]


def job_settings(estate: Estate) -> dict[str, str]:
    """Settings with which sync-batch runs on this machine against an estate."""
    stand_in = youtube(estate)
    return {
        "DB_HOST": postgres.HOST,
        "DB_PORT": str(estate.database.port),
        "DB_PASSWORD": estate.database.password,
        "DB_SSLMODE": "disable",
        "YOUTUBE_ENDPOINT": stand_in.endpoint,
        "YOUTUBE_API_KEY": stand_in.key,
        "YOUTUBE_CHANNELS": ",".join(channels()),
        "CSV_FOLDER": str(estate.home / "csv"),
    }


def _lend(estate: Estate) -> dict[str, Any]:
    client, server, stand_in = estate.aws.client, estate.database, youtube(estate)
    postgres.create_database(server, DATABASE)
    seed.bucket(client, CSV_BUCKET)
    return {
        "database": {
            "host": postgres.HOST,
            "port": server.port,
            "username": postgres.USERNAME,
            "sslmode": "disable",
            "password_secret_arn": seed.secret(client, "shirogane/db-password", server.password),
        },
        "youtube": {
            "api_key_secret_arn": seed.secret(client, "shirogane/youtube-api-key", stand_in.key),
            "channels": channels(),
            "endpoint": stand_in.endpoint,
        },
        "csv_bucket": CSV_BUCKET,
    }


def _hand_over(estate: Estate, _: Outputs) -> str:
    return _TRY.format(
        aws=estate.aws.endpoint,
        youtube=youtube(estate).endpoint,
        home=estate.told_home,
        password=quote(estate.database.password),
        host=postgres.HOST,
        port=estate.database.port,
        user=postgres.USERNAME,
        database=DATABASE,
    )


SYSTEM = System(
    servers=(Server(process.MODULE, process.READY_FILE),), lend=_lend, hand_over=_hand_over
)

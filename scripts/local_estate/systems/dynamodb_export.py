"""dynamodb-export's surroundings: the app's tables, with items in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scripts.local_estate import app_tables
from scripts.local_estate.systems import Outputs, System

if TYPE_CHECKING:
    from scripts.local_estate.estate import Estate

_TRY = """\
AWS answers at {aws}. Try:

  make trigger ENV=local JOB=export-dynamodb WAIT=1
  make trigger ENV=local JOB=batch-export WAIT=1
  make trigger ENV=local JOB=export-follow-up WAIT=1
  . {home}/aws.env && aws s3 ls --recursive s3://{bucket}/"""


def _lend(estate: Estate) -> dict[str, Any]:
    for table, count in app_tables.ITEMS.items():
        app_tables.make(estate.aws.client("dynamodb"), table, count)
    return {}


def _hand_over(estate: Estate, outputs: Outputs) -> str:
    return _TRY.format(aws=estate.aws.endpoint, home=estate.told_home, bucket=outputs["bucket"])


SYSTEM = System(lend=_lend, hand_over=_hand_over)

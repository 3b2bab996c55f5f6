"""The clock that people read: Tokyo's."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")


def today() -> date:
    """The day it is in Tokyo."""
    return datetime.now(TOKYO).date()


def minute(time: datetime) -> str:
    """A time to the minute, such as `2026-04-01 09:00`; it is aware."""
    return f"{time.astimezone(TOKYO):%Y-%m-%d %H:%M}"


def now_for_logs() -> str:
    """The time it is, such as `2026-04-01T09:00:00+09:00`."""
    return datetime.now(TOKYO).isoformat(timespec="seconds")

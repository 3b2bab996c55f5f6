"""What calls cost and when the quota is full again. Pure.

Every list call of the YouTube Data API costs 1 unit, whatever it answers; a project has 10,000
units a day, and the day begins at midnight Pacific time.
Source: https://developers.google.com/youtube/v3/determine_quota_cost
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

PACIFIC = ZoneInfo("America/Los_Angeles")
TOKYO = ZoneInfo("Asia/Tokyo")
IDS_PER_CALL = 50


def day_start(now: datetime) -> datetime:
    """When the quota day that `now` (aware) lies in began."""
    return datetime.combine(now.astimezone(PACIFIC).date(), time(), PACIFIC)


def resets_at(now: datetime) -> datetime:
    """When the quota is full again, seen from `now` (aware)."""
    tomorrow = now.astimezone(PACIFIC).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), PACIFIC)


def reset_text(now: datetime) -> str:
    """When the quota is full again, for people."""
    reset = resets_at(now)
    return f"midnight Pacific time ({reset.astimezone(TOKYO):%Y-%m-%d %H:%M} Asia/Tokyo)"


def lookup_calls(names: Sequence[str]) -> int:
    """Calls that find channels: up to 50 ids share one, a @handle takes one of its own."""
    handles = sum(name.startswith("@") for name in names)
    return handles + _pages(len(names) - handles)


def playlist_calls(videos: int) -> int:
    """Calls that list a channel's uploads, one after the other."""
    return max(1, _pages(videos))


def channel_calls(videos: int) -> int:
    """Calls that read a channel with so many videos: pages of its uploads, then the videos."""
    return playlist_calls(videos) + _pages(videos)


def _pages(items: int) -> int:
    return -(-items // IDS_PER_CALL)

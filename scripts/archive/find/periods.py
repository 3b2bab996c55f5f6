"""Spans of days that people name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

Days = tuple[date | None, date | None]


def _last_month(today: date) -> Days:
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def _fiscal_year(today: date) -> Days:
    year = today.year if today.month >= 4 else today.year - 1
    return date(year, 4, 1), today


PERIODS: dict[str, Callable[[date], Days]] = {
    "今月": lambda today: (today.replace(day=1), today),
    "先月": _last_month,
    "過去3か月": lambda today: (today - timedelta(days=90), today),
    "今年度": _fiscal_year,
}
"""First and last day by the name of a period, seen from a day."""

"""Which stretches of time incremental exports are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport_Requesting.html
SHORTEST = timedelta(minutes=15)
LONGEST = timedelta(hours=24)


@dataclass(frozen=True, order=True)
class Window:
    """From `begin` (inclusive) to `end` (exclusive), whole seconds, UTC."""

    begin: datetime
    end: datetime


def windows(begin: datetime, latest: datetime) -> list[Window]:
    """Windows without gap or overlap, as many as there are to export by now.

    What remains at the end, shorter than the shortest that AWS takes, waits for the next time.

    Args:
        begin: where the window before ended, or the moment of the full export.
        latest: the last moment that the table can be exported at.
    """
    found = []
    while latest - begin >= SHORTEST:
        found.append(Window(begin, min(begin + LONGEST, latest)))
        begin = found[-1].end
    return found

"""What ended a run, made readable. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from nas_sync.messages import shortened

_LONGEST = 1500  # characters of a cause


@dataclass(frozen=True)
class Failure:
    """What ended a run."""

    error: str  # its name, by which the state machine knows it
    cause: str  # readable, at most 1,500 characters
    state: str | None  # of the state machine; None where the history doesn't tell


def failure(error: Any, state: str | None) -> Failure:
    """What the state machine's error says.

    Args:
        error: `{"Error": …, "Cause": …}`.
        state: In which the run failed.
    """
    told = error if isinstance(error, dict) else {}
    return Failure(
        error=str(told.get("Error") or "Unknown"),
        cause=readable(str(told.get("Cause") or "")),
        state=state,
    )


def readable(cause: str) -> str:
    """A cause without what only programs read: functions give theirs as JSON with a stack trace.

    It is one line, since names of files are in it: none of them may pass for a line of the mail.
    """
    shown = "".join(each if each.isprintable() else " " for each in _message(cause))
    return shortened(" ".join(shown.split()), _LONGEST) or "(原因の記録がありません)"


def _message(cause: str) -> str:
    try:
        document = json.loads(cause)
    except ValueError:
        return cause
    if not isinstance(document, dict) or "errorMessage" not in document:
        return cause
    return str(document["errorMessage"])

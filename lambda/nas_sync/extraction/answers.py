"""What reading a file gives: the part of a result that depends on its content."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NotRequired, TypedDict

from nas_sync.reasons import status_of
from nas_sync.records import Status

_DETAIL_LENGTH = 200  # characters, see records.Result


class Answer(TypedDict):
    """Fields of `records.Result`."""

    status: Status
    reason: NotRequired[str]
    detail: NotRequired[str]
    text: NotRequired[str]
    truncated: NotRequired[bool]
    vector: NotRequired[str]
    width: NotRequired[int]
    height: NotRequired[int]


Extract = Callable[[Path, str], Answer]
"""Reads a file: where it lies, and the name it has on the NAS. Raises Unreadable."""

Read = Callable[[Path, str, float], Answer]
"""The same within a number of seconds; never raises because of the file."""


class Unreadable(Exception):  # noqa: N818 - an answer, not an error
    """A file's content can't be had.

    Args:
        reason: a code of `reasons`.
        detail: one sentence for operators.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def refusal(reason: str, detail: str) -> Answer:
    """The answer for a file whose content can't be had."""
    told = " ".join(detail.split())
    shown = told if len(told) <= _DETAIL_LENGTH else f"{told[: _DETAIL_LENGTH - 1]}…"
    return {"status": status_of(reason), "reason": reason, "detail": shown}

"""What became of an object that was to be collected."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """What became of an object."""

    COLLECTED = "配置済み"
    ALREADY = "配置済み（前回まで）"
    NOT_READY = "復元処理中"
    NO_COPY = "復元コピーなし"
    FAILED = "失敗"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one object.

    Args:
        detail: the name it has at the destination, or why it isn't there and what to do.
        code: of the error; empty where there is none.
        systemic: every other object would meet the same.
    """

    status: Status
    detail: str
    code: str = ""
    systemic: bool = False

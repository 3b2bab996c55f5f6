"""Why a marker could not be created, in words that operators read."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from scripts.archive.put.sending import mark


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "権限がありません"),
        (errno.EROFS, "読み取り専用"),
        (errno.ENOSPC, "空き容量がありません"),
        (errno.ENAMETOOLONG, "名前が長すぎる"),
    ],
)
def test_the_common_errors_of_the_share_are_said_in_japanese(
    monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "open", refuse)

    problem = mark.write(Path("a.txt_archived.txt"))

    assert problem is not None
    assert words in problem
    assert os.strerror(number) not in problem

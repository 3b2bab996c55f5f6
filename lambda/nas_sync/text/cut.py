"""Cuts a text to a length, between what readers take for characters."""

from __future__ import annotations

import unicodedata

_DROPPED = {0: None, **dict.fromkeys(range(0xD800, 0xE000))}  # NUL, lone surrogates
_JOINER = "\u200d"


def clean(text: str) -> str:
    """The text without what JSON and search engines refuse: NULs and lone surrogates."""
    return text.translate(_DROPPED)


def cut(text: str, most: int) -> tuple[str, bool]:
    """The beginning of a text, and whether there was more.

    A character keeps the marks, variation selectors and joiners that follow it. A flag and a line's
    end stay whole, too.

    Args:
        text: the text.
        most: characters that are kept at most.
    """
    if len(text) <= most:
        return text, False
    end = most
    while end > 0 and _belong_together(text, end):
        end -= 1
    return text[: end or most], True  # one endless character is cut all the same


def _belong_together(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if before == "\r":
        return after == "\n"
    return _extends(after) or before == _JOINER or _halves_flag(text, at)


def _extends(character: str) -> bool:
    """Whether it changes the character before it (Unicode TR 29, Extend)."""
    return (
        unicodedata.category(character).startswith("M")  # variation selectors, too
        or character in {_JOINER, "ﾞ", "ﾟ"}
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
    )


def _halves_flag(text: str, at: int) -> bool:
    """Whether an odd number of regional indicators stands before one: two are a flag."""
    run = 0
    while at - run > 0 and "\U0001f1e6" <= text[at - run - 1] <= "\U0001f1ff":
        run += 1
    return run % 2 == 1 and "\U0001f1e6" <= text[at] <= "\U0001f1ff"

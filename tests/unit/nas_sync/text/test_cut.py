"""Texts are cut between characters as people see them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nas_sync.text.cut import clean, cut


@pytest.mark.parametrize(
    "character",
    [
        "か\u3099",  # が, in two
        "ﾊﾟ",
        "辻\U000e0100",  # a variant of a kanji
        "☎\ufe0f",
        "👨\u200d👩\u200d👧",
        "👍🏽",
        "🇯🇵",
        "\r\n",
    ],
)
def test_takes_no_character_apart(character: str) -> None:
    text = f"見積{character}書"
    for most in range(3, 2 + len(character)):
        assert cut(text, most) == ("見積", True)
    assert cut(text, 2 + len(character)) == (f"見積{character}", True)


def test_keeps_flags_together_two_by_two() -> None:
    assert cut("🇯🇵🇺🇸", 3) == ("🇯🇵", True)
    assert cut("🇯🇵🇺🇸", 2) == ("🇯🇵", True)


@given(st.text(), st.integers(1, 20))
def test_keeps_a_beginning_that_is_not_longer_than_asked_for(text: str, most: int) -> None:
    kept, more = cut(text, most)
    assert text.startswith(kept)
    assert len(kept) <= most
    assert more == (kept != text)
    assert len(kept) > 0 or not text


@given(st.text(st.characters(exclude_categories=["M", "Cs"]), min_size=30))
def test_keeps_as_much_as_it_may(text: str) -> None:
    plain = "".join(c for c in text if unicodedata.category(c)[0] in "LNP" and c < "\uff00")
    kept, _ = cut(plain, 10)
    assert len(kept) == min(len(plain), 10)


@given(st.text(st.characters()))
def test_keeps_everything_but_what_engines_refuse(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()
    assert "\0" not in cleaned
    assert cleaned == "".join(c for c in text if c != "\0" and not "\ud800" <= c <= "\udfff")

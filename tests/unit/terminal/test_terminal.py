import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.terminal import harmless


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("見積書　(改訂版)①.pdf", "見積書　(改訂版)①.pdf"),
        ("a\x1b[31mb", "a?[31mb"),
        ("\x9d0;title\x07", "?0;title?"),
        ("gro\u202efdp.exe", "gro?fdp.exe"),
        ("two\nlines\tand a column", "two\nlines\tand a column"),
        ("over\rwritten", "over?written"),
    ],
)
def test_a_terminal_is_shown_texts_and_not_commanded(written: str, shown: str) -> None:
    assert harmless(written) == shown


@given(st.text())
def test_nothing_that_is_left_is_obeyed(text: str) -> None:
    left = {
        unicodedata.category(character) for character in harmless(text) if character not in "\n\t"
    }
    assert "Cc" not in left
    assert len(harmless(text)) == len(text)

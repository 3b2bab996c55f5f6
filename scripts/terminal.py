"""What others wrote, such as names of files, as a terminal may show it."""

from __future__ import annotations

import unicodedata

_KEPT = "\n\t"
_SHOWN = "?"
# Marks that let a text look as if it were in another order.
_TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def harmless(text: str) -> str:
    """The text without what a terminal obeys: ? for control characters and marks of direction."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_SHOWN if _is_obeyed(character) else character for character in text)


def _is_obeyed(character: str) -> bool:
    if unicodedata.category(character) == "Cc":
        return character not in _KEPT
    return unicodedata.bidirectional(character) in _TURNING

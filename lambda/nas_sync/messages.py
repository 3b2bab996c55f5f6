"""Messages of errors are short: they travel in the state machine's payload, and in mails."""

from __future__ import annotations


def shortened(text: str, characters: int) -> str:
    """The text, or its beginning."""
    return text if len(text) <= characters else text[: characters - 1] + "…"

"""Reads the text of a file, whatever its extension says it is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nas_sync.extraction.answers import Answer, Extract, Unreadable
from nas_sync.records import extension
from nas_sync.text import charset, documents, office97, pdf, word97
from nas_sync.text.compound import Compound, DamagedError
from nas_sync.text.cut import clean, cut
from nas_sync.text.formats import format_of

_UTF32 = 4  # bytes that a character takes at most
_SLACK = 1024 * 1024  # bytes; characters may be dropped


def start(options: Mapping[str, Any]) -> Extract:
    """Get ready.

    Args:
        options: `characters`, the most that are kept of a text.
    """
    most = int(options["characters"])

    def extract(path: Path, name: str) -> Answer:
        kind = format_of(path)
        whole = clean(_text(path, name, kind, most))
        if not whole.strip():
            raise Unreadable("no_text", _nothing(kind))
        text, truncated = cut(whole, most)
        return {"status": "indexed", "text": text, "truncated": truncated}

    return extract


def _text(path: Path, name: str, kind: str, most: int) -> str:
    if kind == "text":
        return _plain(path, name, most)
    if kind == "compound":
        return _office97(path)
    if kind == "pdf":
        return pdf.text(path, 2 * most)  # characters may be dropped
    return documents.text(path, kind)


def _plain(path: Path, name: str, most: int) -> str:
    with path.open("rb") as file:
        data = file.read(_UTF32 * most + _SLACK)
        whole = not file.read(1)
    try:
        return charset.decode(data, whole=whole)
    except charset.UnknownCharsetError as error:
        reason = "unsupported" if extension(name) == "txt" else "corrupt"
        raise Unreadable(reason, f"neither a document nor a text: {error}") from error


def _office97(path: Path) -> str:
    try:
        file = Compound(path.read_bytes())
        office = office97.office_format(file)
        if office == "doc":
            return word97.text(file)
    except DamagedError as error:
        raise Unreadable("corrupt", f"a damaged Office file: {error}") from error
    return documents.text(path, office)


def _nothing(kind: str) -> str:
    if kind == "pdf":
        return "a PDF without text, scanned perhaps: recognising text in images is out of scope"
    return "nothing is written in it"

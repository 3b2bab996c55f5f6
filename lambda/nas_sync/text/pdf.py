"""Reads PDFs with PDFium, page by page, until there is enough."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw

from nas_sync.extraction.answers import Unreadable


def text(path: Path, enough: int) -> str:
    """What is written in a PDF.

    Args:
        path: where it lies.
        enough: characters after which no further page is read.

    Raises:
        Unreadable: it is damaged or protected.
    """
    try:
        with closing(pypdfium2.PdfDocument(path)) as document:
            return _pages(document, enough)
    except pypdfium2.PdfiumError as error:
        protected = error.err_code == raw.FPDF_ERR_PASSWORD
        raise Unreadable("encrypted" if protected else "corrupt", f"as pdf: {error}") from error


def _pages(document: pypdfium2.PdfDocument, enough: int) -> str:
    pages: list[str] = []
    length = 0
    for number in range(len(document)):
        with closing(document[number]) as page, closing(page.get_textpage()) as read:
            pages.append(read.get_text_bounded().replace("\r\n", "\n"))
        length += len(pages[-1])
        if length > enough:
            break
    return "\n".join(pages)

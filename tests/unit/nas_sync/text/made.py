"""Makes real documents with a given text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import matplotlib_fontja  # type: ignore[import-untyped]
import openpyxl
import pptx
from fpdf import FPDF
from fpdf.enums import EncryptionMethod
from msoffcrypto.format.ooxml import OOXMLFile  # type: ignore[import-untyped]

FONT = next(Path(matplotlib_fontja.__file__).parent.rglob("ipaexg.ttf"))


def pdf(text: str, *, user: str | None = None, owner: str | None = None) -> bytes:
    """A page with an embedded font; an empty text draws a black square, as scanners do.

    Args:
        text: what is written.
        user: the password to open it.
        owner: the password to change it.
    """
    file = FPDF()
    if owner:
        file.set_encryption(
            owner_password=owner, user_password=user, encryption_method=EncryptionMethod.AES_256
        )
    file.add_page()
    if text:
        file.add_font("ja", "", FONT)
        file.set_font("ja", size=10)
        file.multi_cell(0, 6, text)
    else:
        file.rect(10, 10, 100, 100, style="F")
    return bytes(file.output())


def word(text: str) -> bytes:
    file = docx.Document()
    if text:
        file.add_paragraph(text)
        file.add_table(1, 1).cell(0, 0).text = "表の中"
    return _saved(file.save)


def excel(text: str) -> bytes:
    file = openpyxl.Workbook()
    sheet = file.active
    assert sheet is not None
    sheet.title = "売上表"
    sheet.append([text, 12.5, None])
    return _saved(file.save)


def powerpoint(text: str) -> bytes:
    file = pptx.Presentation()
    slide = file.slides.add_slide(file.slide_layouts[1])
    assert slide.shapes.title is not None
    slide.shapes.title.text = text
    assert slide.notes_slide.notes_text_frame is not None
    slide.notes_slide.notes_text_frame.text = "ノート欄"
    return _saved(file.save)


def locked(office: bytes) -> bytes:
    """The same Office file with a password."""
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(office)).encrypt("秘密", out)
    return out.getvalue()


def archive(entries: dict[str, bytes]) -> bytes:
    """A zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name, body in entries.items():
            file.writestr(name, body)
    return out.getvalue()


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()

"""Documents: PDF with an embedded font, Word, Excel, PowerPoint, text in Japan's encodings.

What takes time, a template for each topic and project, is rendered once; files differ from it in
their number.
"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from functools import cache

import docx
import openpyxl
import pptx
from fpdf import FPDF
from matplotlib_fontja.matplotlib_fontja import (  # type: ignore[import-untyped]
    get_font_ttf_path,
)

from scripts.local_estate.nas_share.subject import PROJECTS, TOPICS, Subject

MADE = datetime(2024, 4, 1, tzinfo=UTC)
_PLACE = "0000000000"  # where a template has the number of the file
_DIGITS = "0123456789"
_BODY = (
    "このたびは格別のお引き立てを賜り、厚く御礼申し上げます。",
    "詳しい内容につきましては下記の担当までお気軽にお問い合わせください。",
    "東京都千代田区丸の内一丁目　担当：髙橋、山﨑　電話：０３－１２３４－５６７８",
    "ﾊﾝｶｸｶﾅと全角ＡＢＣが混在する資料も、そのまま保管しています。",
)


def lines(topic: str, project: str, number: str) -> list[str]:
    """The text of a document."""
    return [
        f"{_DIGITS} 整理番号 {number}",
        f"{topic}（プロジェクト {project}）",
        TOPICS[topic],
        *_BODY,
    ]


def pdf(subject: Subject) -> bytes:
    template, glyphs = _pdf_template(subject.topic, subject.project)
    number = b"".join(glyphs[int(digit)] for digit in _number(subject))
    return template.replace(glyphs[0] * len(_PLACE), number, 1)


@cache
def _pdf_template(topic: str, project: str) -> tuple[bytes, list[bytes]]:
    """A PDF, and how its content spells the digits: they are the font's first ten glyphs."""
    page = FPDF()
    page.set_compression(False)
    page.set_creation_date(MADE)
    page.add_font("ipaexg", fname=get_font_ttf_path())
    page.set_font("ipaexg", size=11)
    page.add_page()
    page.multi_cell(0, 8, "\n".join(lines(topic, project, _PLACE)))
    return bytes(page.output()), [bytes([0, glyph]) for glyph in range(1, 11)]


def word(subject: Subject) -> bytes:
    return _numbered(_word_template(subject.topic, subject.project), subject)


@cache
def _word_template(topic: str, project: str) -> bytes:
    document = docx.Document()
    title, *paragraphs = lines(topic, project, _PLACE)
    document.add_heading(title, 1)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return _saved(document)


def word_parts() -> dict[str, bytes]:
    """What a Word file is made of, by name."""
    return _parts(_word_template(next(iter(TOPICS)), PROJECTS[0]))


def excel(subject: Subject) -> bytes:
    return _numbered(_excel_template(subject.topic, subject.project), subject)


@cache
def _excel_template(topic: str, project: str) -> bytes:
    book = openpyxl.Workbook()
    book.properties.created = book.properties.modified = MADE.replace(tzinfo=None)
    sheet = book.create_sheet("明細", 0)
    for line in lines(topic, project, _PLACE):
        sheet.append([line, 1200, 0.1])
    return _saved(book)


def slides(subject: Subject) -> bytes:
    return _numbered(_slides_template(subject.topic, subject.project), subject)


@cache
def _slides_template(topic: str, project: str) -> bytes:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[1])
    title, *rest = lines(topic, project, _PLACE)
    slide.shapes.title.text = title
    slide.placeholders[1].text = "\n".join(rest)
    return _saved(show)


def _saved(document: object) -> bytes:
    made = io.BytesIO()
    document.save(made)  # type: ignore[attr-defined]
    return made.getvalue()


def _numbered(template: bytes, subject: Subject) -> bytes:
    """An Office file with its number; always the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, content in _parts(template).items():
            numbered = content.replace(_PLACE.encode(), _number(subject).encode())
            file.writestr(part(name), numbered, compresslevel=1)
    return made.getvalue()


@cache
def _parts(template: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(template)) as file:
        return {name: file.read(name) for name in file.namelist()}


def part(name: str) -> zipfile.ZipInfo:
    """A compressed part of an Office file, without a date."""
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _number(subject: Subject) -> str:
    return f"{subject.number:0{len(_PLACE)}}"


def text(subject: Subject, encoding: str) -> bytes:
    """A text file with Windows' line ends; characters the encoding lacks become `〓`."""
    told = "\r\n".join([*lines(subject.topic, subject.project, _number(subject)), ""])
    known = "".join(letter if _has(encoding, letter) else "〓" for letter in told)
    return known.encode(encoding)


@cache
def _has(encoding: str, letter: str) -> bool:
    try:
        return letter == letter.encode(encoding).decode(encoding)
    except UnicodeError:
        return False

"""Files that no batch can read, each for a reason of its own, and files of other kinds."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from functools import cache

from fpdf import FPDF
from msoffcrypto.format.ooxml import OOXMLFile  # type: ignore[import-untyped]
from msoffcrypto.method import ecma376_agile  # type: ignore[import-untyped]
from PIL import Image

from scripts.local_estate.nas_share import documents, pictures
from scripts.local_estate.nas_share.subject import Subject

_PASSWORD = "kaiketsu"  # noqa: S105 - of files that hold nothing
_MIB = 1024 * 1024
_BOMB_MIB = 300
_BOMB_SIDE = 50_000  # pixels


def empty(_: Subject) -> bytes:
    return b""


def noise(subject: Subject) -> bytes:
    """Bytes that mean nothing, such as those a failing disk returns."""
    return subject.chance.randbytes(3000)


def cut_word(subject: Subject) -> bytes:
    """Its second half is missing, and with it the directory of the zip."""
    whole = documents.word(subject)
    return whole[: len(whole) // 2]


def broken_pdf(subject: Subject) -> bytes:
    """It begins as a PDF does."""
    return b"%PDF-1.7\n" + noise(subject)


def cut_jpeg(subject: Subject) -> bytes:
    whole = pictures.jpeg(subject)
    return whole[: len(whole) // 3]


def scanned_pdf(subject: Subject) -> bytes:
    """A page that is an image, and no text."""
    page = FPDF()
    page.set_creation_date(documents.MADE)
    page.add_page()
    page.image(Image.open(io.BytesIO(pictures.jpeg(subject))), w=180)
    return bytes(page.output())


def locked_pdf(subject: Subject) -> bytes:
    page = FPDF()
    page.set_creation_date(documents.MADE)
    page.set_encryption(owner_password=_PASSWORD, user_password=_PASSWORD)
    page.set_font("Helvetica")
    page.add_page()
    page.cell(text=f"Confidential {subject.number}")
    return bytes(page.output())


def locked_word(subject: Subject) -> bytes:
    return _locked(documents.word(subject), subject.chance)


def locked_excel(subject: Subject) -> bytes:
    return _locked(documents.excel(subject), subject.chance)


def _locked(content: bytes, chance: random.Random) -> bytes:
    """An Office file with a password; its salts are drawn, so that it is the same every time."""
    made = io.BytesIO()
    drawn, ecma376_agile._random_buffer = ecma376_agile._random_buffer, chance.randbytes
    try:
        OOXMLFile(io.BytesIO(content)).encrypt(_PASSWORD, made)
    finally:
        ecma376_agile._random_buffer = drawn
    return made.getvalue()


def word_bomb(subject: Subject) -> bytes:
    """A file of half a MiB whose text has 300."""
    whole = io.BytesIO(_word_bomb())
    with zipfile.ZipFile(whole, "a") as file:
        file.comment = f"{subject.number}".encode()
    return whole.getvalue()


@cache
def _word_bomb() -> bytes:
    text = ("あ" * (_MIB // 3)).encode()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compresslevel=1) as file:
        for name, content in documents.word_parts().items():
            begin, rest = content.split(b"</w:t>", 1) if b"</w:t>" in content else (content, None)
            with file.open(documents.part(name), "w") as part:
                part.write(begin)
                if rest is not None:
                    for _ in range(_BOMB_MIB):
                        part.write(text)
                    part.write(b"</w:t>" + rest)
    return made.getvalue()


def png_bomb(subject: Subject) -> bytes:
    """Two and a half thousand million black pixels in 300 kB."""
    header = struct.pack(">IIBBBBB", _BOMB_SIDE, _BOMB_SIDE, 1, 0, 0, 0, 0)
    parts = [
        (b"IHDR", header),
        (b"tEXt", f"Comment\0{subject.number}".encode()),
        (b"IDAT", _black(_BOMB_SIDE)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


@cache
def _black(side: int) -> bytes:
    """The rows of a black image with one bit a pixel, compressed."""
    packer = zlib.compressobj(1)
    rows = bytes(100 * (1 + side // 8))
    return b"".join(packer.compress(rows) for _ in range(side // 100)) + packer.flush()


def _chunk(name: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
    )


def archive(subject: Subject) -> bytes:
    """A zip."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr(zipfile.ZipInfo("資料.txt"), documents.text(subject, "cp932"))
    return made.getvalue()


def table(subject: Subject) -> bytes:
    """A CSV file as Excel saves it."""
    return f"番号,金額\r\n{subject.number},{subject.chance.randrange(10**6)}\r\n".encode("cp932")


def film(subject: Subject) -> bytes:
    """What begins as an MP4 does."""
    return b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + subject.chance.randbytes(20_000)

"""What a file is by its content: extensions lie."""

from __future__ import annotations

from pathlib import Path

from nas_sync.extraction.answers import Unreadable
from nas_sync.text import archives, compound

_HEAD = 1024  # bytes within which a PDF begins
_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_OTHERS = {
    b"MZ": "a Windows program",
    b"\x7fELF": "a Linux program",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"\x1f\x8b": "a gzip archive",
    b"SQLite format 3\0": "a SQLite database",
}


def format_of(path: Path) -> str:
    """What a file is: pdf, docx, xlsx, xlsb, pptx, rtf, compound, or text if nothing tells.

    Args:
        path: where it lies.

    Raises:
        Unreadable: nothing that has text, or a damaged archive.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith(compound.MAGIC):
        return "compound"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return archives.office_format(path)
    if head.startswith(rb"{\rtf"):
        return "rtf"
    if _is_image(head):
        raise Unreadable("wrong_extension", "an image")
    for magic, meaning in _OTHERS.items():
        if head.startswith(magic) and b"\0" in head:
            raise Unreadable("unsupported", meaning)
    return "text"


def _is_image(head: bytes) -> bool:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return True
    return head.startswith(_IMAGES) and b"\0" in head

"""What a file is that no image reader takes, by how it begins."""

from __future__ import annotations

from pathlib import Path

from nas_sync.extraction.answers import Unreadable

_HEAD = 1024  # bytes
_PICTURES = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis"}
# https://en.wikipedia.org/wiki/List_of_file_signatures
_UNSUPPORTED = {
    b"8BPS": "a Photoshop document",
    b"\0\0\0\x0cjP  ": "a JPEG 2000 image",
    b"\xff\x4f\xff\x51": "a JPEG 2000 image",
    b"\0\0\x01\0": "an icon",
    b"\xd7\xcd\xc6\x9a": "a Windows metafile",
    b"II\xbc\x01": "a JPEG XR image",
    b"\xff\x0a": "a JPEG XL image",
    b"\0\0\0\x0cJXL ": "a JPEG XL image",
}
_OTHERS = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a zip or an Office file",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"{\\rtf": "an RTF document",
    b"\x1f\x8b": "a gzip archive",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"MZ": "a program",
    b"<!DOCTYPE html": "a web page",
    b"<html": "a web page",
}


def explain(path: Path) -> Unreadable:
    """Why a file that isn't one of our image formats has no vector."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        return Unreadable("empty", "it has no bytes")
    if head[4:8] == b"ftyp":
        return _container(head[8:12])
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and b"<svg" in head:
        return Unreadable("unsupported", "it is an SVG drawing")
    for reason, known in (("unsupported", _UNSUPPORTED), ("wrong_extension", _OTHERS)):
        for begin, name in known.items():
            if head.startswith(begin):
                return Unreadable(reason, f"it is {name}")
    return Unreadable("corrupt", "no image format begins like this")


def _container(brand: bytes) -> Unreadable:
    """ISO media files: pictures of phones, and films."""
    if brand in _PICTURES:
        return Unreadable("unsupported", "it is a HEIC or AVIF image")
    return Unreadable("wrong_extension", "it is a film or sound")

"""Pictures as files."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable
from typing import Any

from PIL import Image

from scripts.local_estate.nas_share.pictures import scene

ORIENTATION = 0x0112  # EXIF
SIZE = (320, 240)


def saved(picture: Image.Image, form: str, **options: Any) -> bytes:
    """A file. Of a copy: Pillow keeps JPEG's options at the image, where other formats trip."""
    made = io.BytesIO()
    picture.copy().save(made, form, **options)
    return made.getvalue()


def painting(number: int = 1, size: tuple[int, int] = SIZE) -> Image.Image:
    return scene(number, size)


def turned(picture: Image.Image, orientation: int, form: str = "PNG") -> bytes:
    """A file whose pixels are as given, and whose EXIF says how to turn them."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return saved(picture, form, exif=exif)


def deep_png(picture: Image.Image) -> bytes:
    """A PNG with 16 bits for each colour, which Pillow can't write."""
    row = picture.width * 3
    pixels = picture.convert("RGB").tobytes()
    rows = b"".join(
        b"\0" + bytes(byte for value in pixels[at : at + row] for byte in (value, value))
        for at in range(0, len(pixels), row)
    )
    return _file(picture.size, (16, 2), rows)


def claiming_png(width: int, height: int, padding: int = 0) -> bytes:
    """A PNG that says how large it is, and holds nothing."""
    return _file((width, height), (8, 2), b"", [(b"teXt", bytes(padding))])


def black_png(side: int) -> bytes:
    """A square of which Pillow needs most: a colour of its palette is transparent."""
    palette = [(b"PLTE", bytes(6)), (b"tRNS", b"\0\xff")]
    return _file((side, side), (1, 3), bytes(side * (1 + side // 8)), palette)


def _file(
    size: tuple[int, int],
    colours: tuple[int, int],  # bits and type, as the header has them
    rows: bytes,
    others: Iterable[tuple[bytes, bytes]] = (),
) -> bytes:
    header = struct.pack(">IIBBBBB", *size, *colours, 0, 0, 0)
    parts = [(b"IHDR", header), *others, (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )

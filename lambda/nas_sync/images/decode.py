"""An image file as the model is to see it: upright, in colour, its middle as a small square."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, UnidentifiedImageError

from nas_sync.extraction.answers import Unreadable
from nas_sync.images.sniff import explain

SIDE = 224
"""Pixels of a side of what the model sees."""
MOST_PIXELS = 100_000_000
"""More are not decoded: they take 400 MB, and as much again while they are converted."""

_SHOWN = 224 / 256  # of the shorter side: ResNet's evaluation resizes to 256 and crops 224
_BOMB = 1_000  # pixels that a byte of the file stands for; photographs have 1 to 50
_DRAFT = (2 * 256, 2 * 256)  # a JPEG is decoded at a size not below this one
_FORMATS = ("JPEG", "PNG", "GIF", "BMP", "DIB", "TIFF", "WEBP")
_ORIENTATION = 0x0112  # EXIF, https://www.cipa.jp/std/documents/download_e.html?CIPA_DC-008-2024-E
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS = {5, 6, 7, 8}
_WITH_ALPHA = {"1", "L", "P", "RGB", "PA", "LA", "La", "RGBa", "RGBA"}
_AVERAGED_AS = {"1": "L", "P": "RGB"}  # whose numbers themselves can't be averaged

Image.MAX_IMAGE_PIXELS = None  # the limit is ours


@dataclass(frozen=True)
class Seen:
    """An image.

    Args:
        square: its middle, RGB, 224 × 224.
        width: pixels of the whole image, upright.
        height: the same.
    """

    square: Image.Image
    width: int
    height: int


def decode(path: Path) -> Seen:
    """Read an image, of an animation or a document of several pages the first.

    What a file's name says it is doesn't matter.

    Raises:
        Unreadable: empty, too_many_pixels, bomb, corrupt, unsupported or wrong_extension.
    """
    with _damage_told(path), Image.open(path, formats=_FORMATS) as image:
        width, height = image.size
        image.draft("RGB", _DRAFT)  # for JPEG: a 64th of the work where it is large
        _check(path, image.size, width * height)
        turn = _orientation(image)
        square = _rgb(_middle(image))
    if turn in _SIDEWAYS:
        width, height = height, width
    return Seen(square.transpose(_UPRIGHT[turn]) if turn in _UPRIGHT else square, width, height)


@contextmanager
def _damage_told(path: Path) -> Iterator[None]:
    try:
        yield
    except (Unreadable, MemoryError):
        raise
    except UnidentifiedImageError:
        raise explain(path) from None
    except Exception as error:  # Pillow's decoders raise whatever broken bytes lead them to
        raise Unreadable("corrupt", f"{type(error).__name__}: {error}") from error


def _check(path: Path, decoded: tuple[int, int], pixels: int) -> None:
    if decoded[0] * decoded[1] <= MOST_PIXELS:
        return
    told = f"{pixels:,} pixels, at most {MOST_PIXELS:,} are decoded"
    bomb = pixels / path.stat().st_size > _BOMB
    raise Unreadable("bomb" if bomb else "too_many_pixels", told)


def _orientation(image: Image.Image) -> int:
    """How it is to be turned, by EXIF; upright where that is damaged."""
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except (ValueError, TypeError, SyntaxError, OSError, KeyError, IndexError, struct.error):
        return 1


def _middle(image: Image.Image) -> Image.Image:
    """The middle of an image as a small square, on white where it is transparent."""
    if image.mode in _WITH_ALPHA and image.has_transparency_data:
        square = _shrunk(image if image.mode == "RGBA" else image.convert("RGBA"))
        white = Image.new("RGBA", square.size, "white")
        return Image.alpha_composite(white, square)
    mode = _AVERAGED_AS.get(image.mode)
    return _shrunk(image.convert(mode) if mode else image)


def _shrunk(image: Image.Image) -> Image.Image:
    """The middle, cut out and resized in one step: the long side of a strip may be endless."""
    image.load()
    width, height = image.size
    side = min(width, height) * _SHOWN
    left, top = (width - side) / 2, (height - side) / 2
    box = (left, top, left + side, top + side)
    gap = None if image.mode.startswith("I;16") else 3.0  # those can't be averaged first
    return image.resize((SIDE, SIDE), Image.Resampling.BILINEAR, box, reducing_gap=gap)


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16"):
        return _grey(np.asarray(image).astype(np.float32) / np.float32(257))
    if image.mode in {"I", "F"}:  # any range: from the darkest to the brightest
        values = np.nan_to_num(np.asarray(image).astype(np.float32), posinf=0, neginf=0)
        low, high = float(values.min()), float(values.max())
        return _grey((values - low) * (255 / (high - low) if high > low else 0))
    return image.convert("RGB")


def _grey(values: np.ndarray[Any, np.dtype[np.float32]]) -> Image.Image:
    return Image.fromarray(np.rint(values).astype(np.uint8)).convert("RGB")

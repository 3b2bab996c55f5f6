"""Images. Those of one scene show nearly the same, whatever their format."""

from __future__ import annotations

import io
import random
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance

from scripts.local_estate.nas_share.subject import Subject

_ORIENTATION = 0x0112  # tag of EXIF
_TURNS = {
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}
_AS_ONE = 40  # neighbours in a share that show the same scene
_SIZE = (320, 240)


def scene_of(subject: Subject) -> int:
    return subject.number // _AS_ONE


def scene(number: int, size: tuple[int, int] = _SIZE) -> Image.Image:
    """A picture of coloured shapes, always the same for a number."""
    chance = random.Random(f"scene {number}")  # noqa: S311 - nobody guards anything with it
    picture = Image.new("RGB", size, _colour(chance))
    pen = ImageDraw.Draw(picture)
    for _ in range(9):
        x, y = chance.random() * size[0], chance.random() * size[1]
        width, height = (size[0] * chance.uniform(0.1, 0.5) for _ in "wh")
        shape = chance.choice((pen.ellipse, pen.rectangle))
        shape((x - width / 2, y - height / 2, x + width / 2, y + height / 2), _colour(chance))
    return picture


def _colour(chance: random.Random) -> tuple[int, int, int]:
    red, green, blue = (chance.randrange(256) for _ in "rgb")
    return red, green, blue


def _shot(subject: Subject, size: tuple[int, int] = _SIZE) -> Image.Image:
    """A scene as one of several photographs shows it: light and border differ a little."""
    picture = scene(scene_of(subject), size)
    picture = ImageEnhance.Brightness(picture).enhance(subject.chance.uniform(0.95, 1.05))
    ImageDraw.Draw(picture).text((4, 4), f"{subject.number:08}", fill=(255, 255, 255))
    return picture


def jpeg(subject: Subject) -> bytes:
    return _saved(_shot(subject), "JPEG", quality=subject.chance.randrange(60, 95))


def large_jpeg(subject: Subject) -> bytes:
    """As a camera takes it: 12 million pixels."""
    return _saved(_shot(subject, (4000, 3000)), "JPEG", quality=60)


def turned_jpeg(subject: Subject) -> bytes:
    """Its pixels lie on their side, its EXIF orientation says so."""
    orientation = subject.chance.choice(list(_TURNS))
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    return _saved(_shot(subject).transpose(_TURNS[orientation]), "JPEG", exif=exif)


def cmyk_jpeg(subject: Subject) -> bytes:
    return _saved(_shot(subject).convert("CMYK"), "JPEG")


def png(subject: Subject) -> bytes:
    return _saved(_shot(subject), "PNG", compress_level=1)


def palette_png(subject: Subject) -> bytes:
    return _saved(_shot(subject).quantize(64), "PNG", compress_level=1)


def animated_gif(subject: Subject) -> bytes:
    """Its first frame shows the scene."""
    others = [Image.new("RGB", _SIZE, shade) for shade in ("black", "white")]
    return _saved(_shot(subject), "GIF", save_all=True, append_images=others, duration=100, loop=0)


def bmp(subject: Subject) -> bytes:
    return _saved(_shot(subject), "BMP")


def deep_tiff(subject: Subject) -> bytes:
    """Grey, of 16 bits."""
    grey = np.asarray(_shot(subject).convert("L")).astype(np.uint16)
    return _saved(Image.fromarray(grey * 257), "TIFF")


def webp(subject: Subject) -> bytes:
    return _saved(_shot(subject), "WEBP", quality=80, method=0)


def _saved(picture: Image.Image, form: str, **options: Any) -> bytes:
    made = io.BytesIO()
    picture.save(made, form, **options)
    return made.getvalue()

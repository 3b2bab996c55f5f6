"""Images of every kind get a vector; similar ones get similar vectors."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from nas_sync.errors import ModelError
from nas_sync.extraction.worker import Worker, WorkerError
from nas_sync.images import extractor
from tests.unit.nas_sync.images.conftest import Read, Vector
from tests.unit.nas_sync.images.drawing import (
    SIZE,
    black_png,
    deep_png,
    painting,
    saved,
    turned,
)

Look = Callable[[bytes], Vector]

ONE = painting(1)
PLAIN = saved(ONE, "PNG")
BLACK = Image.new("RGB", SIZE, "black")
# How pixels have to lie for an orientation to put them right.
LAID = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}

numbers = st.integers(0, 10_000)


def greys(picture: Image.Image = ONE) -> np.ndarray[Any, np.dtype[np.uint16]]:
    """A picture without colours, of 16 bits."""
    return np.asarray(picture.convert("L")).astype(np.uint16) * 257


FORMATS = {
    "JPEG": (saved(ONE, "JPEG", quality=90), 0.999),
    "progressive JPEG": (saved(ONE, "JPEG", quality=90, progressive=True), 0.999),
    "JPEG in CMYK": (saved(ONE.convert("CMYK"), "JPEG", quality=90), 0.99),
    "JPEG with a second picture": (
        saved(ONE, "MPO", save_all=True, append_images=[BLACK.copy()], quality=90),
        0.999,
    ),
    "PNG with a palette": (saved(ONE.quantize(256), "PNG"), 0.99),
    "PNG with alpha": (saved(ONE.convert("RGBA"), "PNG"), 0.9999),
    "PNG of 16 bits": (deep_png(ONE), 0.9999),
    "animated PNG": (saved(ONE, "PNG", save_all=True, append_images=[BLACK, BLACK]), 0.9999),
    "animated GIF": (saved(ONE, "GIF", save_all=True, append_images=[BLACK, BLACK]), 0.99),
    "BMP": (saved(ONE, "BMP"), 0.9999),
    "TIFF of two pages": (saved(ONE, "TIFF", save_all=True, append_images=[BLACK]), 0.9999),
    "TIFF with LZW": (saved(ONE, "TIFF", compression="tiff_lzw"), 0.9999),
    "TIFF in CMYK": (saved(ONE.convert("CMYK"), "TIFF"), 0.99),
    "WebP": (saved(ONE, "WEBP", lossless=True), 0.9999),
    "animated WebP": (saved(ONE, "WEBP", save_all=True, append_images=[BLACK], quality=95), 0.999),
}


@pytest.mark.parametrize("form", FORMATS)
def test_the_format_of_a_picture_makes_no_difference(look: Look, read: Read, form: str) -> None:
    body, least = FORMATS[form]
    assert float(look(body) @ look(PLAIN)) > least
    assert (read(body)["width"], read(body)["height"]) == SIZE


@pytest.mark.parametrize(
    "picture",
    [
        Image.fromarray(greys()),
        Image.fromarray(greys(painting(1, (1600, 1200)))),
        Image.frombytes("I;16B", SIZE, greys().astype(">u2").tobytes()),
        Image.fromarray(greys().astype(np.int32)),
        Image.fromarray(greys().astype(np.float32) / 65535),
    ],
    ids=["16 bits", "many of 16 bits", "16 bits big-endian", "32 bits", "floats"],
)
def test_deep_greys_are_scaled_to_what_they_show(look: Look, picture: Image.Image) -> None:
    assert float(look(saved(picture, "TIFF")) @ look(saved(ONE.convert("L"), "PNG"))) > 0.98


def test_drawings_in_black_and_white_are_read(look: Look) -> None:
    drawing = ONE.convert("L").point(lambda grey: 255 * (grey > 100))

    assert float(look(saved(drawing.convert("1"), "TIFF")) @ look(saved(drawing, "PNG"))) > 0.999


def test_what_is_transparent_is_white(look: Look) -> None:
    shape = Image.new("L", SIZE, 0)
    shape.paste(255, (100, 60, 220, 180))
    clear = ONE.copy()
    clear.putalpha(shape)
    on_white = Image.composite(ONE, Image.new("RGB", SIZE, "white"), shape)

    assert float(look(saved(clear, "PNG")) @ look(saved(on_white, "PNG"))) > 0.999


def test_a_transparent_colour_of_a_palette_is_white(look: Look) -> None:
    half = Image.new("P", SIZE, 0)
    half.putpalette([0, 0, 0, 200, 30, 30])
    half.paste(1, (0, 0, 160, 240))
    on_white = Image.new("RGB", SIZE, "white")
    on_white.paste((200, 30, 30), (0, 0, 160, 240))

    for form in ("GIF", "PNG"):
        assert float(look(saved(half, form, transparency=0)) @ look(saved(on_white, "PNG"))) > 0.99


@given(number=numbers, orientation=st.sampled_from(sorted(LAID)))
@settings(max_examples=20, deadline=None)
def test_an_image_turned_by_exif_is_what_the_upright_one_is(
    read: Read, look: Look, number: int, orientation: int
) -> None:
    upright = painting(number)
    body = turned(upright.transpose(LAID[orientation]), orientation)

    assert float(look(body) @ look(saved(upright, "PNG"))) > 0.9999
    assert (read(body)["width"], read(body)["height"]) == SIZE


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_there_is_not_changes_nothing(look: Look, orientation: int) -> None:
    assert float(look(turned(ONE, orientation)) @ look(PLAIN)) > 0.9999


def test_damaged_exif_changes_nothing(look: Look) -> None:
    body = saved(ONE, "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff" + bytes(20))

    assert float(look(body) @ look(PLAIN)) > 0.99


@given(number=numbers)
@settings(max_examples=20, deadline=None)
def test_a_vector_has_2048_floats_and_length_1(read: Read, number: int) -> None:
    raw = base64.b64decode(read(saved(painting(number), "JPEG"))["vector"])

    assert len(raw) == 2048 * 4
    assert np.linalg.norm(np.frombuffer(raw, "<f4")) == pytest.approx(1, abs=1e-5)


@given(number=numbers, other=numbers, scale=st.floats(0.3, 3))
@settings(max_examples=20, deadline=None)
def test_a_scaled_copy_is_nearer_than_another_picture(
    look: Look, number: int, other: int, scale: float
) -> None:
    picture = painting(number)
    copy = picture.resize((int(SIZE[0] * scale), int(SIZE[1] * scale)))
    itself = look(saved(picture, "PNG"))

    near = float(itself @ look(saved(copy, "JPEG", quality=80)))

    assert near > 0.98
    assert other == number or near > float(itself @ look(saved(painting(other), "PNG")))


def test_a_large_jpeg_gives_what_a_small_one_does(look: Look, read: Read) -> None:
    body = saved(painting(1, (4000, 3000)), "JPEG", quality=80)

    assert float(look(body) @ look(PLAIN)) > 0.99
    assert (read(body)["width"], read(body)["height"]) == (4000, 3000)


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (30_000, 2), (223, 225)])
def test_any_shape_is_read(read: Read, size: tuple[int, int]) -> None:
    answer = read(saved(Image.new("RGB", size, "red"), "PNG"))

    assert (answer["status"], answer["width"], answer["height"]) == ("indexed", *size)


def test_a_file_that_is_no_model_is_told_apart_from_images(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"no model")

    with pytest.raises(ModelError, match="can't be used"):
        extractor.start({"model": str(path), "threads": 1})


def test_the_worker_reads_images_within_the_memory_it_is_allowed(
    model: Path, tmp_path: Path
) -> None:
    worker = Worker("nas_sync.images.extractor", {"model": str(model), "threads": 1}, 1536)
    path = tmp_path / "0"
    path.write_bytes(black_png(10_000))
    try:
        answer = worker.read(path, "大きい.png", 60)
    finally:
        worker.close()

    assert (answer["status"], answer.get("detail")) == ("indexed", None)


def test_a_worker_without_a_model_says_why_it_cannot_start(tmp_path: Path) -> None:
    options = {"model": str(tmp_path / "missing.onnx"), "threads": 1}

    with pytest.raises(WorkerError, match=r"ModelError.*missing\.onnx"):
        Worker("nas_sync.images.extractor", options, 1536).read(tmp_path, "a.png", 10)

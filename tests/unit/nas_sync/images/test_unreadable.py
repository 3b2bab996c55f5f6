"""What is no readable image is refused with its reason, and nothing crashes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from nas_sync.extraction.answers import Unreadable
from nas_sync.images.decode import MOST_PIXELS
from nas_sync.reasons import EXPLANATIONS
from scripts.local_estate.nas_share import oddities
from scripts.local_estate.nas_share.subject import draw
from tests.unit.nas_sync.images.conftest import Read
from tests.unit.nas_sync.images.drawing import claiming_png, painting, saved

Reason = Callable[[bytes], str]

ONE = painting(1)
WHOLE = {
    "JPEG": saved(ONE, "JPEG"),
    "PNG": saved(ONE, "PNG"),
    "GIF": saved(ONE, "GIF"),
    "BMP": saved(ONE, "BMP"),
    "TIFF": saved(ONE, "TIFF"),
    "LZW": saved(ONE, "TIFF", compression="tiff_lzw"),
    "WEBP": saved(ONE, "WEBP"),
}


@pytest.fixture(scope="module")
def outcome_of(read: Read) -> Reason:
    """Status of an image, else the reason why it has none."""

    def outcome_of(body: bytes) -> str:
        try:
            return read(body)["status"]
        except Unreadable as refused:
            return refused.reason

    return outcome_of


@pytest.mark.parametrize("form", WHOLE)
def test_an_image_of_which_half_is_missing_is_corrupt(reason: Reason, form: str) -> None:
    body = WHOLE[form]

    assert reason(body[: len(body) // 2]) == "corrupt"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "empty"),
        (b"\0" * 100, "corrupt"),
        (b"\xff\xd8\xff\xe0", "corrupt"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unsupported"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- a -->\n<svg/>", "unsupported"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "unsupported"),
        (saved(ONE, "AVIF"), "unsupported"),
        (saved(ONE, "JPEG2000"), "unsupported"),
        (saved(ONE, "ICO"), "unsupported"),
        (b"8BPS\0\1" + bytes(20), "unsupported"),
        (b"%PDF-1.7\n", "wrong_extension"),
        (b"PK\x03\x04" + bytes(30), "wrong_extension"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "wrong_extension"),
        (b"<!DOCTYPE html><html>404</html>", "wrong_extension"),
    ],
)
def test_what_is_no_image_of_ours_has_its_reason(reason: Reason, body: bytes, why: str) -> None:
    assert reason(body) == why


def test_a_file_that_is_far_larger_than_its_bytes_is_a_bomb(reason: Reason) -> None:
    assert reason(oddities.png_bomb(draw(1, 1))) == "bomb"
    assert reason(claiming_png(65_000, 65_000)) == "bomb"


def test_too_many_pixels_are_not_decoded(reason: Reason) -> None:
    side = int(MOST_PIXELS**0.5) + 1

    assert reason(claiming_png(side, side, padding=side * side // 500)) == "too_many_pixels"


@given(
    form=st.sampled_from(sorted(WHOLE)),
    changes=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=4)), max_size=6),
    kept=st.floats(0, 1),
)
@example(form="PNG", changes=[], kept=0)
@settings(max_examples=150, deadline=None)
def test_damage_never_crashes(
    outcome_of: Reason, form: str, changes: list[tuple[float, bytes]], kept: float
) -> None:
    body = bytearray(WHOLE[form])
    for place, bytes_ in changes:
        at = int(place * place * (len(body) - 1))  # rather in headers
        body[at : at + len(bytes_)] = bytes_
    outcome = outcome_of(bytes(body[: int(len(body) * max(kept, 0.01))]))

    assert outcome in {"indexed", *EXPLANATIONS}


@given(body=st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_noise_is_refused(reason: Reason, body: bytes) -> None:
    assert reason(body) in EXPLANATIONS


def test_an_animation_is_not_read_behind_its_first_frame(read: Read) -> None:
    frames = [Image.effect_noise((320, 240), 100).convert("P") for _ in range(3)]
    body = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])

    assert read(body[: len(body) // 2])["status"] == "indexed"

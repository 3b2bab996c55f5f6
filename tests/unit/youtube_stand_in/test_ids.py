"""Ids look like YouTube's and can be traced back."""

import re

from hypothesis import given
from hypothesis import strategies as st

from scripts.youtube_stand_in import ids
from tests.unit.youtube_stand_in.worlds import examples

seeds = st.integers(0, 2**63)
numbers, indexes = st.integers(0, 2**20 - 1), st.integers(0, 2**24 - 1)


@examples
@given(seeds, numbers, indexes)
def test_a_video_id_leads_back_to_its_place(seed: int, number: int, index: int) -> None:
    text = ids.video_id(seed, number, index)
    assert re.fullmatch(r"[\w-]{11}", text, re.ASCII)
    assert ids.parse_video_id(seed, text) == (number, index)


@examples
@given(seeds, st.text(max_size=13) | st.from_regex(r"[\w-]{11}", fullmatch=True))
def test_any_other_text_is_no_video_id(seed: int, text: str) -> None:
    place = ids.parse_video_id(seed, text)
    assert place is None or ids.video_id(seed, *place) == text


def test_ids_of_neighbours_have_nothing_in_common() -> None:
    assert len({ids.video_id(1, 0, index)[:4] for index in range(1000)}) > 950


@examples
@given(seeds, numbers)
def test_a_channel_and_its_playlist_share_22_characters(seed: int, number: int) -> None:
    channel = ids.channel_id(seed, number)
    assert re.fullmatch(r"UC[\w-]{22}", channel, re.ASCII)
    assert ids.uploads_id(channel) == "UU" + channel[2:]


@examples
@given(st.integers(0, 2**24), st.booleans())
def test_a_page_token_leads_back_to_its_offset(offset: int, back: bool) -> None:
    assert ids.parse_page_token(ids.page_token(offset, back=back)) == offset


def test_page_tokens_are_youtubes() -> None:
    assert ids.page_token(5) == "CAUQAA"
    assert ids.page_token(50) == "CDIQAA"
    assert ids.page_token(0, back=True) == "CAAQAQ"


@examples
@given(st.text(max_size=12))
def test_any_other_text_is_no_page_token(text: str) -> None:
    offset = ids.parse_page_token(text)
    assert offset is None or text in {ids.page_token(offset), ids.page_token(offset, back=True)}

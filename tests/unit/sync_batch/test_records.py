"""What YouTube tells becomes rows; what it doesn't tell becomes None."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_batch import records

CHANNEL: Any = {
    "id": "UC1",
    "snippet": {
        "title": "猫",
        "customUrl": "@neko",
        "country": "JP",
        "publishedAt": "2020-01-02T03:04:05.678Z",
    },
    "statistics": {
        "viewCount": "12345678901",
        "subscriberCount": "30",
        "hiddenSubscriberCount": False,
        "videoCount": "0",
    },
    "contentDetails": {"relatedPlaylists": {"uploads": "UU1"}},
}
VIDEO: Any = {
    "id": "v1",
    "snippet": {
        "title": "散歩",
        "publishedAt": "2020-01-02T03:04:05Z",
        "categoryId": "22",
        "liveBroadcastContent": "none",
    },
    "statistics": {"viewCount": "7", "likeCount": "0", "commentCount": "1"},
    "contentDetails": {"duration": "PT1H2M3S"},
}


def test_a_channel_is_read_completely() -> None:
    assert records.channel(CHANNEL) == records.Channel(
        channel_id="UC1",
        handle="@neko",
        title="猫",
        country="JP",
        published_at=datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC),
        uploads_playlist_id="UU1",
        subscriber_count=30,
        view_count=12_345_678_901,
        video_count=0,
    )


@pytest.mark.parametrize("statistics", [{"subscriberCount": "0"}, {}])
def test_a_hidden_subscriber_count_is_none(statistics: dict[str, str]) -> None:
    hidden: Any = {**CHANNEL, "statistics": {**statistics, "hiddenSubscriberCount": True}}
    row = records.channel(hidden)
    assert (row.subscriber_count, row.view_count, row.video_count) == (None, None, None)


def test_a_channel_of_which_little_is_known_is_read() -> None:
    bare: Any = {"id": "UC1", "snippet": {}}
    assert records.channel(bare) == records.Channel("UC1", None, "", *[None] * 6)


def test_a_video_is_read_completely() -> None:
    assert records.video(VIDEO, "UC1") == records.Video(
        video_id="v1",
        channel_id="UC1",
        title="散歩",
        published_at=datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC),
        duration_seconds=3723,
        category_id=22,
        live_broadcast_content="none",
        view_count=7,
        like_count=0,
        comment_count=1,
    )


def test_hidden_counts_are_none_and_not_0() -> None:
    bare: Any = {"id": "v1", "snippet": {}, "statistics": {"viewCount": "0"}}
    row = records.video(bare, "UC1")
    assert (row.view_count, row.like_count, row.comment_count) == (0, None, None)


@given(*[st.integers(0, 99)] * 5)
def test_a_length_is_the_sum_of_its_parts(
    weeks: int, days: int, hours: int, minutes: int, seconds: int
) -> None:
    text = f"P{weeks}W{days}DT{hours}H{minutes}M{seconds}S"
    total = ((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + seconds
    assert records.seconds(text) == (total or None)


@pytest.mark.parametrize(
    ("text", "length"),
    [("PT59S", 59), ("P1DT1S", 86401), ("PT0S", None), ("P0D", None), ("", None), (None, None)],
)
def test_a_video_that_has_not_ended_has_no_length(text: str | None, length: int | None) -> None:
    assert records.seconds(text) == length


@given(st.text(st.characters()))
def test_a_clean_text_can_be_stored_and_stays_clean(text: str) -> None:
    clean = records.clean(text)
    assert "\0" not in clean
    assert "\r" not in clean
    assert clean.encode("utf-8").decode("utf-8") == clean
    assert records.clean(clean) == clean


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r")))
def test_an_ordinary_text_stays_as_it_is(text: str) -> None:
    assert records.clean(text) == text


def test_half_a_character_is_replaced() -> None:
    assert records.clean("a\ud83d!") == "a?!"

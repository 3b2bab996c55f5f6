"""Requests that YouTube refuses are refused with its status and reason."""

from typing import Any

import pytest

from scripts.youtube_stand_in import DEMO
from scripts.youtube_stand_in.errors import ApiError
from tests.unit.youtube_stand_in.worlds import read

CHANNEL = DEMO.channel_ids[0]
PLAYLIST = "UU" + CHANNEL[2:]


@pytest.mark.parametrize(
    ("method", "query", "status", "reason"),
    [
        ("channels", {"id": CHANNEL}, 400, "required"),
        ("channels", {"part": "id,colour", "id": CHANNEL}, 400, "unknownPart"),
        ("channels", {"part": "id"}, 400, "missingRequiredParameter"),
        ("videos", {"part": "id", "id": ""}, 400, "missingRequiredParameter"),
        ("channels", {"part": "id", "id": CHANNEL, "forHandle": "a"}, 400,
         "incompatibleParameters"),
        ("videos", {"part": "id", "id": ",".join(map(str, range(51)))}, 400, "invalidFilters"),
        ("channels", {"part": "id", "id": CHANNEL, "maxResults": "51"}, 400, "invalidParameter"),
        ("channels", {"part": "id", "id": CHANNEL, "maxResults": "-1"}, 400, "invalidParameter"),
        ("channels", {"part": "id", "id": CHANNEL, "alt": "media"}, 400, "invalidParameter"),
        ("playlistItems", {"part": "id", "playlistId": PLAYLIST, "pageToken": "x"}, 400,
         "invalidPageToken"),
        ("playlistItems", {"part": "id", "playlistId": "PL123"}, 404, "playlistNotFound"),
        ("playlistItems", {"part": "id", "playlistId": "UU123"}, 404, "playlistNotFound"),
    ],
)  # fmt: skip
def test_a_request_that_makes_no_sense_is_refused(
    method: str, query: dict[str, Any], status: int, reason: str
) -> None:
    with pytest.raises(ApiError) as refused:
        read(DEMO, method, **query)
    assert (refused.value.answer.status, refused.value.answer.reason) == (status, reason)


def test_without_max_results_a_page_has_five_items() -> None:
    page = read(DEMO, "playlistItems", part="id", playlistId=PLAYLIST)
    channels = read(DEMO, "channels", part="id", id=",".join(DEMO.channel_ids))
    assert len(page["items"]) == len(channels["items"]) == 5
    assert page["nextPageToken"] == channels["nextPageToken"] == "CAUQAA"
    assert "prevPageToken" not in page


def test_pages_lead_back() -> None:
    query = {"part": "id", "playlistId": PLAYLIST, "maxResults": "50"}
    first = read(DEMO, "playlistItems", **query)
    second = read(DEMO, "playlistItems", **query, pageToken=first["nextPageToken"])
    again = read(DEMO, "playlistItems", **query, pageToken=second["prevPageToken"])
    assert first["items"] == again["items"]
    assert second["pageInfo"] == {"totalResults": 320, "resultsPerPage": 50}

"""`fields` selects what it names and refuses what doesn't exist."""

from typing import Any

import pytest

from scripts.youtube_stand_in import DEMO, discovery, fields
from scripts.youtube_stand_in.errors import ApiError
from tests.unit.youtube_stand_in.worlds import read

ANSWER = {
    "kind": "k",
    "items": [{"id": "a", "snippet": {"title": "t", "tags": ["x"]}}, {"id": "b"}],
    "pageInfo": {"totalResults": 2},
}


@pytest.mark.parametrize(
    ("text", "selected"),
    [
        ("kind", {"kind": "k"}),
        ("items/id", {"items": [{"id": "a"}, {"id": "b"}]}),
        ("items(id)", {"items": [{"id": "a"}, {"id": "b"}]}),
        ("items(snippet/title),kind", {"kind": "k", "items": [{"snippet": {"title": "t"}}, {}]}),
        ("items/snippet(tags)", {"items": [{"snippet": {"tags": ["x"]}}, {}]}),
        ("items/id,items/snippet/title", {
            "items": [{"id": "a", "snippet": {"title": "t"}}, {"id": "b"}],
        }),
        ("items/snippet/title,items/snippet", {
            "items": [{"snippet": {"title": "t", "tags": ["x"]}}, {}],
        }),
        ("items/*/title", {"items": [{"id": "a", "snippet": {"title": "t"}}, {"id": "b"}]}),
        ("*", ANSWER),
        ("nextPageToken", {}),
    ],
)  # fmt: skip
def test_a_selection_keeps_what_it_names(text: str, selected: Any) -> None:
    selection = fields.parse(text)
    fields.check(selection, discovery.schema("VideoListResponse"))
    assert fields.select(selection, ANSWER) == selected


@pytest.mark.parametrize(
    "text", ["", "items(", "items)", "items(id", "a,,b", "/id", "items/", "a b"]
)
def test_text_that_is_no_selection_is_refused(text: str) -> None:
    with pytest.raises(fields.FieldsError, match="Invalid field selection"):
        fields.parse(text)


@pytest.mark.parametrize("text", ["item", "items/name", "items(id,snippet(titel))", "kind/x"])
def test_a_member_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(ApiError, match="400 invalidParameter: Invalid field selection"):
        read(DEMO, "videos", part="id", id=next(DEMO.videos()), fields=text)

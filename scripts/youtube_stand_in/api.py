"""The three methods: a query in, YouTube's answer out. Pure: the world decides everything."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from scripts.youtube_stand_in import (
    channels,
    discovery,
    errors,
    fields,
    ids,
    playlist_items,
    videos,
)
from scripts.youtube_stand_in.errors import ApiError
from scripts.youtube_stand_in.world import World

Query = Mapping[str, str]
Resource = dict[str, Any]

IDS_PER_CALL = 50
DEFAULT_RESULTS = 5


class Page(NamedTuple):
    """The items of one answer, and where they stand among all that match."""

    items: list[Resource]
    total: int
    per_page: int
    offset: int = 0


class Method(NamedTuple):
    """One list method: which resource it answers and how it finds them."""

    resource: str
    filters: Sequence[str]
    find: Callable[[World, Query, Sequence[str]], Page]


def parse_query(query_string: str) -> dict[str, str]:
    """The parameters by name; one given several times, as `part` may be, is joined by commas."""
    return {
        name: ",".join(values)
        for name, values in parse_qs(query_string, keep_blank_values=True).items()
    }


def answer(world: World, method: str, query: Query) -> tuple[dict[str, Any], str]:
    """What the method (channels, playlistItems or videos) answers, and the answer's etag.

    Raises errors.ApiError where YouTube would answer with an error.
    """
    resource, filters, find = METHODS[method]
    if query.get("alt", "json") != "json":
        message = f"Invalid value '{query['alt']}'. Values must be within: json"
        raise ApiError(errors.invalid_parameter("alt", message))
    parts = _parts(query, resource)
    _check_filters(query, filters)
    selection = _selection(query.get("fields", ""), f"{resource}ListResponse")
    body = _body(resource, find(world, query, parts), query)
    return fields.select(selection, body), body["etag"]


def _find_channels(world: World, query: Query, parts: Sequence[str]) -> Page:
    if query.get("id"):
        matches = map(world.find_channel, _ids(query["id"]))
    else:
        matches = map(world.find_handle, ["@" + query["forHandle"].removeprefix("@").lower()])
    numbers = sorted(number for number in matches if number is not None)
    per_page, offset = _max_results(query), _offset(query)
    found = [channels.resource(world, n, parts) for n in numbers[offset : offset + per_page]]
    return Page(found, len(numbers), per_page, offset)


def _find_playlist_items(world: World, query: Query, parts: Sequence[str]) -> Page:
    playlist = query["playlistId"]
    number = world.find_channel("UC" + playlist[2:]) if playlist.startswith("UU") else None
    total = 0 if number is None else world.uploads(number)
    if number is None or total == 0:
        raise ApiError(errors.PLAYLIST_NOT_FOUND)
    per_page, offset = _max_results(query), _offset(query)
    newest_first = range(total - 1, -1, -1)[offset : offset + per_page]
    uploads = (videos.upload(world, number, index) for index in newest_first)
    found = [playlist_items.resource(upload, parts) for upload in uploads]
    return Page(found, total, per_page, offset)


def _find_videos(world: World, query: Query, parts: Sequence[str]) -> Page:
    places = [place for name in _ids(query["id"]) if (place := world.find_video(name))]
    found = [videos.resource(videos.upload(world, *place), parts) for place in places]
    return Page(found, len(found), len(found))


METHODS: Mapping[str, Method] = {
    "channels": Method("Channel", ("id", "forHandle"), _find_channels),
    "playlistItems": Method("PlaylistItem", ("playlistId",), _find_playlist_items),
    "videos": Method("Video", ("id",), _find_videos),
}


def _body(resource: str, page: Page, query: Query) -> dict[str, Any]:
    """The answer around a page's items.

    YouTube leaves `items` out of an answer about channels when it found none.
    """
    asked = sorted((name, value) for name, value in query.items() if name != "key")
    end = page.offset + page.per_page
    body: dict[str, Any] = {
        "kind": f"youtube#{resource[0].lower()}{resource[1:]}ListResponse",
        "etag": ids.etag(asked, page.total, *(item["etag"] for item in page.items)),
    }
    if page.items and end < page.total:
        body["nextPageToken"] = ids.page_token(end)
    if page.items and page.offset > 0:
        body["prevPageToken"] = ids.page_token(max(page.offset - page.per_page, 0), back=True)
    if page.items or resource != "Channel":
        body["items"] = page.items
    body["pageInfo"] = {"totalResults": page.total, "resultsPerPage": page.per_page}
    return body


def _parts(query: Query, resource: str) -> list[str]:
    if not query.get("part"):
        raise ApiError(errors.required("part"))
    asked = _split(query["part"])
    known = discovery.parts(resource)
    for part in asked:
        if part not in known:
            raise ApiError(errors.unknown_part(part))
    return asked


def _check_filters(query: Query, filters: Sequence[str]) -> None:
    given = [name for name in filters if query.get(name)]
    if not given:
        raise ApiError(errors.no_filter(", ".join(filters)))
    if len(given) > 1:
        raise ApiError(errors.several_filters(", ".join(given)))


@lru_cache(maxsize=64)
def _selection(text: str, response: str) -> fields.Selection | None:
    if not text:
        return None
    try:
        selection = fields.parse(text)
        fields.check(selection, discovery.schema(response))
    except fields.FieldsError as error:
        raise ApiError(errors.invalid_parameter("fields", str(error))) from error
    return selection


def _ids(text: str) -> list[str]:
    listed = _split(text)
    if len(listed) > IDS_PER_CALL:
        raise ApiError(errors.invalid_filters())
    return listed


def _max_results(query: Query) -> int:
    text = query.get("maxResults", str(DEFAULT_RESULTS))
    if not text.isascii() or not text.isdigit():
        message = f"Invalid unsigned integer value: '{text}'."
        raise ApiError(errors.invalid_parameter("maxResults", message))
    if int(text) > IDS_PER_CALL:
        message = f"Invalid value '{text}'. Values must be within the range: [0, {IDS_PER_CALL}]"
        raise ApiError(errors.invalid_parameter("maxResults", message))
    return int(text)


def _offset(query: Query) -> int:
    if not query.get("pageToken"):
        return 0
    offset = ids.parse_page_token(query["pageToken"])
    if offset is None:
        raise ApiError(errors.invalid_page_token())
    return offset


def _split(text: str) -> list[str]:
    """The comma-separated values, each once, in order."""
    values = (value.strip() for value in text.split(","))
    return list(dict.fromkeys(value for value in values if value))

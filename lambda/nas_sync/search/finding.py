"""Finds files: by words in their names and texts, and images by what they look like."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from opensearchpy import OpenSearch

from nas_sync.errors import SearchError
from nas_sync.search.client import telling

ON_A_PAGE = 20
BEGIN, END = "\ue000", "\ue001"
"""Stand around what was found in a highlight; no text has these characters of private use."""

_DEEPEST = 10_000  # hits that OpenSearch pages through (index.max_result_window), and k at most
_NEIGHBOURS = 100  # that are looked at more than are shown: the more, the surer are the first ones
_WORDS = ["file_name^4", "file_path.words^2", "extracted_text"]
_SHORT = re.compile(r"[\u4e00-\u9fff々]{1,2}")
_FRAGMENTS = {"number_of_fragments": 2, "fragment_size": 80}


@dataclass(frozen=True)
class Filters:
    """Which files are meant."""

    file_type: str | None = None  # an extension
    folder: str | None = None  # below the share, with all below it
    since: datetime | None = None  # changed then or later


@dataclass(frozen=True)
class Hit:
    """A file that was found."""

    score: float  # the higher the better; of images the cosine of the angle between both
    file: Mapping[str, Any]  # its document, without text and vector
    highlights: Sequence[str]  # pieces of its text, or its name


@dataclass(frozen=True)
class Page:
    """Some of the files that were found, the best first."""

    total: int | None  # None by likeness: every image is more or less like one
    number: int  # from 1
    hits: Sequence[Hit]
    more: bool  # whether there is a next page


def by_words(
    client: OpenSearch, aliases: Sequence[str], text: str, filters: Filters, page: int = 1
) -> Page:
    """Files in whose name, folders or text all words are.

    Args:
        client: of OpenSearch.
        aliases: of the indices to look into.
        text: words with spaces between them. What is written without a space may stand in a
            sentence in other forms (確認する finds 確認しました); parts of names and numbers are
            found, too.
        filters: which files are meant.
        page: from 1.

    Raises:
        SearchError: the page is too far down, or OpenSearch refuses the question.
        SearchUnavailable: OpenSearch doesn't answer.
    """
    words = text.split()
    query = {
        "bool": {
            "must": [_word(word) for word in words],
            "should": [_phrase(text)],
            "filter": _filter(filters),
        }
    }
    body = {
        "query": query,
        "highlight": {
            "pre_tags": [BEGIN],
            "post_tags": [END],
            "fields": {"extracted_text": _FRAGMENTS, "file_name": {}, "file_name.parts": {}},
        },
    }
    answer = _ask(client, aliases, body, page)
    hits = [Hit(each["_score"], each["_source"], _highlights(each)) for each in answer["hits"]]
    return Page(answer["total"]["value"], page, hits, _goes_on(answer, page))


def by_likeness(
    client: OpenSearch, alias: str, vector: Sequence[float], filters: Filters, page: int = 1
) -> Page:
    """Images that look like one.

    Args:
        client: of OpenSearch.
        alias: of the index of images.
        vector: 2,048 numbers, as `ImageFeatureExtractor` finds them.
        filters: which images are meant.
        page: from 1.

    Raises:
        SearchError: the page is too far down, or OpenSearch refuses the question.
        SearchUnavailable: OpenSearch doesn't answer.
    """
    count = min(page * ON_A_PAGE + _NEIGHBOURS, _DEEPEST)
    nearest: dict[str, Any] = {"vector": list(vector), "k": count}
    if conditions := _filter(filters):
        nearest["filter"] = {"bool": {"filter": conditions}}
    answer = _ask(client, [alias], {"query": {"knn": {"image_vector": nearest}}}, page)
    # https://docs.opensearch.org/2.19/field-types/supported-field-types/knn-spaces/: (1 + cos) / 2
    hits = [Hit(2 * each["_score"] - 1, each["_source"], []) for each in answer["hits"]]
    return Page(None, page, hits, _goes_on(answer, page))


def _ask(
    client: OpenSearch, aliases: Sequence[str], body: Mapping[str, Any], page: int
) -> Mapping[str, Any]:
    if not 1 <= page <= _DEEPEST // ON_A_PAGE:
        raise SearchError(
            f"there is no page {page}: give one from 1 to {_DEEPEST // ON_A_PAGE}, or more words"
        )
    question = {
        **body,
        "from": (page - 1) * ON_A_PAGE,
        "size": ON_A_PAGE,
        "sort": ["_score", {"file_path": "asc"}],
        "track_total_hits": True,
        "_source": {"excludes": ["extracted_text", "image_vector"]},
    }
    names = ",".join(aliases)
    there = {"ignore_unavailable": "true"}  # an index comes with the first file that belongs in it
    with telling(f"search in {names}"):
        hits: Mapping[str, Any] = client.search(index=names, body=question, params=there)["hits"]
    return hits


def _goes_on(answer: Mapping[str, Any], page: int) -> bool:
    return page * ON_A_PAGE < min(int(answer["total"]["value"]), _DEEPEST)


def _word(word: str) -> dict[str, Any]:
    """Kuromoji's words in any field, or the very characters within the name.

    One or two kanji are a word that kuromoji knows: 京都 must not find 東京都.
    """
    words = {"query": word, "fields": _WORDS, "operator": "and"}
    parts = {"file_name.parts": {"query": word, "boost": 3}}
    choice: list[dict[str, Any]] = [{"multi_match": words}]
    if not _SHORT.fullmatch(word):
        choice.append({"match_phrase": parts})
    return {"dis_max": {"queries": choice, "tie_breaker": 0.3}}


def _phrase(text: str) -> dict[str, Any]:
    """Better still where the words follow one another."""
    return {"multi_match": {"query": text, "fields": _WORDS, "type": "phrase", "boost": 2}}


def _filter(filters: Filters) -> list[dict[str, Any]]:
    conditions: list[dict[str, Any]] = []
    if filters.file_type:
        conditions.append({"term": {"file_type": filters.file_type.lower().lstrip(".")}})
    if filters.folder:
        folder = filters.folder.replace("\\", "/").strip("/")
        conditions.append({"match": {"file_path.folders": folder}})
    if filters.since:
        conditions.append({"range": {"modified_date": {"gte": filters.since.isoformat()}}})
    return conditions


def _highlights(hit: Mapping[str, Any]) -> list[str]:
    found = hit.get("highlight", {})
    for field in ("extracted_text", "file_name", "file_name.parts"):
        if field in found:
            return [piece.replace(END + BEGIN, "") for piece in found[field]]
    return []

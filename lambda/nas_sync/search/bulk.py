"""Writes many documents in one request, and reads what became of each.

Ids and versions are given from outside, so a request that is repeated changes nothing, and one that
comes late doesn't undo what a newer batch wrote.
https://docs.opensearch.org/2.19/api-reference/document-apis/bulk/
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from opensearchpy import OpenSearch

from nas_sync.errors import SearchError, SearchUnavailable
from nas_sync.pauses import pause
from nas_sync.search.client import gave_no_answer, is_too_large, reason_of, telling

BYTES = 5 * 1024 * 1024  # of one request; small domains of AWS take 10 MiB
_TRIES = 6  # of a request that is refused for now; the pauses between are 12 s in all at most
_TRIES_WITHOUT_ANSWER = 2
_SHORTEST, _LONGEST = 0.25, 4.0  # seconds between two tries
_SUPERSEDED = 409
_REFUSED = 400
_NOT_FOUND = 404
_BLOCKED = "cluster_block_exception"  # a reindex is under way, or the disk is full
_FILTER = "errors,items.*._id,items.*.status,items.*.error"


@dataclass(frozen=True)
class Action:
    """A document that is written, or removed."""

    id: str
    document: Mapping[str, Any] | None  # None: it is removed
    body: bytes  # its JSON; empty where it is removed


@dataclass(frozen=True)
class Answer:
    """What became of an action."""

    status: int
    reason: str = ""  # of a refusal

    @property
    def superseded(self) -> bool:
        """Whether a newer batch was there first, so that nothing was done."""
        return self.status == _SUPERSEDED

    @property
    def refused(self) -> bool:
        """Whether the document as it is can't be in the index."""
        return self.status >= _REFUSED and not self.superseded


@dataclass(frozen=True)
class Target:
    """Where actions go."""

    client: OpenSearch
    alias: str
    version: int  # of all documents: later batches have greater ones
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class _Request:
    actions: Sequence[Action]
    tries: int = 0  # that were in vain
    unanswered: int = 0


def write(file_id: str, document: Mapping[str, Any]) -> Action:
    """The action that writes a document."""
    return Action(file_id, document, orjson.dumps(document))


def remove(file_id: str) -> Action:
    """The action that removes a document; none there is fine."""
    return Action(file_id, None, b"")


def chunks(actions: Iterable[Action], count: int, size: int = BYTES) -> Iterator[list[Action]]:
    """Actions for one request each: as many as fit.

    Args:
        actions: any number of them.
        count: actions a request at most.
        size: bytes of their documents at most; a single document may be bigger.
    """
    chunk: list[Action] = []
    filled = 0
    for action in actions:
        if chunk and (len(chunk) >= count or filled + len(action.body) > size):
            yield chunk
            chunk, filled = [], 0
        chunk.append(action)
        filled += len(action.body)
    if chunk:
        yield chunk


def send(target: Target, actions: Sequence[Action]) -> dict[str, Answer]:
    """Carry actions out; those that OpenSearch can't take just now again, in smaller requests.

    Args:
        target: where they go.
        actions: of one request, each with an id of its own.

    Returns:
        What became of each, by id: done, superseded or refused.

    Raises:
        SearchUnavailable: it takes some of them not even after several tries, or doesn't answer.
        SearchError: the alias is gone, or the request is refused as a whole.
    """
    answers: dict[str, Answer] = {}
    waiting = deque([_Request(actions)])
    while waiting:
        request = waiting.popleft()
        if request.tries:
            target.sleep(pause(request.tries, _SHORTEST, _LONGEST))
        try:
            given = _perform(target, request.actions)
        except SearchUnavailable as error:
            waiting.extendleft(_smaller(request, request.actions, error))
            continue
        later = [each for each in request.actions if _can_wait(given[each.id])]
        answers.update({id_: answer for id_, answer in given.items() if not _can_wait(answer)})
        if later:
            waiting.extendleft(_smaller(request, later, _refusal(target, given[later[0].id])))
    return answers


def _perform(target: Target, actions: Sequence[Action]) -> dict[str, Answer]:
    body = b"".join(_lines(target.version, actions))
    try:
        with telling(f"write {len(actions)} documents to {target.alias}"):
            answer = target.client.bulk(
                body=body,
                index=target.alias,
                params={"require_alias": "true", "filter_path": _FILTER},
            )
    except SearchError as error:
        if is_too_large(error) and len(actions) > 1:
            raise SearchUnavailable(str(error)) from error  # in smaller requests it may go
        raise
    results = [next(iter(item.values())) for item in answer["items"]]
    if (gone := next((each for each in results if _is_gone(each)), None)) is not None:
        raise SearchError(
            f"there is no alias {target.alias} to write to ({reason_of(gone['error'])}): "
            "run the step again, and it is made"
        )
    return {each["_id"]: _answer(each) for each in results}


def _lines(version: int, actions: Iterable[Action]) -> Iterator[bytes]:
    for action in actions:
        about = b'{"_id":"%s","version":%d,"version_type":"external_gte"}}\n'
        named = about % (action.id.encode(), version)
        if action.document is None:
            yield b'{"delete":' + named
        else:
            yield b'{"index":' + named
            yield action.body
            yield b"\n"


def _answer(result: Mapping[str, Any]) -> Answer:
    error = result.get("error")
    if error is None:
        return Answer(200)  # also a document that was to be removed and wasn't there
    blocked = isinstance(error, dict) and error.get("type") == _BLOCKED
    return Answer(503 if blocked else int(result["status"]), reason_of(error))


def _is_gone(result: Mapping[str, Any]) -> bool:
    return result["status"] == _NOT_FOUND and "error" in result


def _can_wait(answer: Answer) -> bool:
    return answer.status == 429 or answer.status >= 500


def _refusal(target: Target, answer: Answer) -> SearchUnavailable:
    return SearchUnavailable(
        f"could not write to {target.alias}: OpenSearch answered {answer.status} "
        f"({answer.reason}). It is overloaded, its disk is full, or a reindex is under way or was "
        "cut off: see to that, then run it again."
    )


def _smaller(
    request: _Request, actions: Sequence[Action], error: SearchUnavailable
) -> Iterator[_Request]:
    """The same in two requests, the second half first, unless it was tried often enough.

    Raises:
        SearchUnavailable: it was.
    """
    tries = request.tries + 1
    unanswered = request.unanswered + gave_no_answer(error)
    if tries >= _TRIES or unanswered >= _TRIES_WITHOUT_ANSWER:
        raise error
    middle = (len(actions) + 1) // 2
    for half in (actions[middle:], actions[:middle]):
        if half:
            yield _Request(half, tries, unanswered)

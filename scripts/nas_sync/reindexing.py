"""`reindex`: fills a new index from the one in use and lets the alias point at it.

Searches go on all the time. Writes are refused meanwhile, so that none is lost: a batch that comes
in between fails with `SearchUnavailable` and is continued afterwards.
https://docs.opensearch.org/2.19/im-plugin/reindex-data/
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import TransportError
from rich.console import Console
from rich.progress import Progress

from nas_sync import settings
from nas_sync.errors import SearchError
from nas_sync.search import client, indices
from nas_sync.search.client import reason_of, telling
from nas_sync.search.indices import Definition
from nas_sync.settings import SearchSettings
from scripts.environments import Environment
from scripts.exits import Exit
from scripts.nas_sync import deployed

_AT_ONCE = 200  # documents that OpenSearch reads and writes at a time; one has 200 KB at most

Watch = Callable[[int, int], None]
"""Told how many documents are copied, and of how many."""


@dataclass(frozen=True)
class Move:
    """An index that takes another one's place."""

    alias: str
    old: str
    new: str
    definition: Definition


def run(env: Environment, console: Console) -> Exit:
    """Reindex what has an older mapping than the code.

    Raises:
        SearchError: copying failed, or not all is there afterwards; the old index stays in use.
        SearchUnavailable: OpenSearch doesn't answer.
    """
    search, told = _connect(env)
    for name in indices.NAMES:
        alias = told.alias(name)
        move = planned(search, alias, indices.definition(name))
        if move is None:
            console.print(f"{alias}: there is nothing to do")
            continue
        console.print(f"{move.alias}: {move.old} is copied to {move.new}; nothing is written")
        with _bar(console, move.new) as watch:
            count = carry_out(search, move, watch)
        console.print(
            f"[green]{move.alias} is {move.new} now[/]: {count:,} documents. Search a little, then "
            f"delete {move.old} with `make reindex DELETE_OLD=1`"
        )
    return Exit.DONE


def delete_old(env: Environment, console: Console) -> Exit:
    """Delete the indices that were in use before.

    Raises:
        SearchUnavailable, SearchError: of OpenSearch.
    """
    search, told = _connect(env)
    for name in indices.NAMES:
        for index in left_over(search, told.alias(name)):
            with telling(f"delete the index {index}"):
                search.indices.delete(index=index)
            console.print(f"deleted {index}")
    return Exit.DONE


def planned(search: OpenSearch, alias: str, wanted: Definition) -> Move | None:
    """What is to be done; None where there is no index yet, or it is new enough."""
    old = indices.live(search, alias)
    if old is None or indices.version_of(search, old) >= wanted.version:
        return None
    return Move(alias, old, indices.named(alias, wanted), wanted)


def carry_out(search: OpenSearch, move: Move, watch: Watch, pause: float = 1) -> int:
    """Copy, count, and let the alias point at the copy.

    Args:
        search: client of OpenSearch.
        move: what is to be done.
        watch: told how far it is.
        pause: seconds between two looks.

    Returns:
        How many documents there are.

    Raises:
        SearchError: copying failed, or not all is there afterwards; the old index stays in use.
        SearchUnavailable: OpenSearch doesn't answer.
    """
    with telling(f"make the index {move.new}"):
        # An unfinished copy may be left of a run that was cut off.
        search.indices.delete(index=move.new, params={"ignore_unavailable": "true"})
        search.indices.create(index=move.new, body=dict(move.definition.body))
    with _read_only(search, move.old):
        count = _count(search, move.old)  # what was written last is seen from then on
        _copy(search, move, watch, pause)
        if (copied := _count(search, move.new)) != count:
            raise SearchError(
                f"{move.old} has {count:,} documents, its copy {move.new} {copied:,}: {move.alias} "
                f"stays with {move.old}. Run it again"
            )
        with telling(f"let {move.alias} point at {move.new}"):
            search.indices.update_aliases(
                body={
                    "actions": [
                        {"remove": {"index": move.old, "alias": move.alias, "must_exist": True}},
                        {"add": {"index": move.new, "alias": move.alias}},
                    ]
                }
            )
    return count


def left_over(search: OpenSearch, alias: str) -> list[str]:
    """Older versions of an index, which no alias points at."""
    live = indices.live(search, alias)
    with telling(f"look for indices of {alias}"):
        found = search.indices.get_alias(index=f"{alias}-v*")
    pattern = re.compile(rf"{re.escape(alias)}-v(\d+)")
    versions = {name: int(match[1]) for name in found if (match := pattern.fullmatch(name))}
    unused = (name for name in versions if live and not found[name]["aliases"])
    return sorted(name for name in unused if versions[name] < versions[str(live)])


def _connect(env: Environment) -> tuple[OpenSearch, SearchSettings]:
    deployed.enter(env)
    told = settings.search(deployed.variables(env, "BulkIndexer", "OPENSEARCH_ENDPOINT"))
    return client.connect(told.endpoint, told.region), told


@contextmanager
def _bar(console: Console, title: str) -> Iterator[Watch]:
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda copied, total: bar.update(task, completed=copied, total=total)


@contextmanager
def _read_only(search: OpenSearch, index: str) -> Iterator[None]:
    with telling(f"keep the index {index} from being written"):
        search.indices.add_block(index=index, block="write")  # waits for writes under way
    try:
        yield
    finally:
        with telling(f"let the index {index} be written again"):
            search.indices.put_settings(index=index, body={"index.blocks.write": None})


def _copy(search: OpenSearch, move: Move, watch: Watch, pause: float) -> None:
    body = {
        "source": {"index": move.old, "size": _AT_ONCE},
        "dest": {"index": move.new, "version_type": "external"},  # documents keep their versions
    }
    with telling(f"copy {move.old} to {move.new}"):
        task = search.reindex(body=body, params={"wait_for_completion": "false"})["task"]
        try:
            state = _wait(search, task, watch, pause)
        except BaseException:
            with suppress(TransportError):
                search.tasks.cancel(task_id=task)
            raise
    failures = state.get("response", {}).get("failures", [])
    if error := state.get("error") or (failures[0].get("cause") if failures else None):
        raise SearchError(
            f"{move.old} can't be copied to {move.new}: {reason_of(error)}. {move.alias} stays "
            f"with {move.old}"
        )


def _wait(search: OpenSearch, task: str, watch: Watch, pause: float) -> dict[str, Any]:
    while True:
        state: dict[str, Any] = search.tasks.get(task_id=task)
        status = state["task"]["status"]
        watch(status["created"] + status["updated"], status["total"])
        if state["completed"]:
            return state
        time.sleep(pause)


def _count(search: OpenSearch, index: str) -> int:
    with telling(f"count the documents of {index}"):
        search.indices.refresh(index=index)
        return int(search.count(index=index)["count"])

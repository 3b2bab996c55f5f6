"""A new mapping comes without a minute in which files can't be found."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest
from opensearchpy import OpenSearch

from nas_sync.errors import SearchError, SearchUnavailable
from nas_sync.search import bulk, indices
from nas_sync.search.bulk import Target
from nas_sync.search.indices import Definition
from scripts.nas_sync import reindexing

COUNT = 450


def changed(version: int, written_from: int = 1, **properties: Any) -> Definition:
    """The definition of files with further properties."""
    known = indices.definition("files")
    body = copy.deepcopy(dict(known.body))
    body["mappings"]["_meta"] = {"version": version, "written_from": written_from}
    body["mappings"]["properties"] |= properties
    return Definition(version, written_from, body)


@pytest.fixture
def filled(search: OpenSearch, alias: str) -> str:
    """An alias with files."""
    indices.ensure(search, alias, indices.definition("files"))
    write(search, alias, *(f"{number}.txt" for number in range(COUNT)))
    return alias


def write(search: OpenSearch, alias: str, *names: str, version: int = 5) -> None:
    target = Target(search, alias, version, lambda _: None)
    bulk.send(target, [bulk.write(name, {"file_name": name}) for name in names])


def count(search: OpenSearch, alias: str) -> int:
    search.indices.refresh(index=alias)
    return int(search.count(index=alias)["count"])


def move(search: OpenSearch, alias: str, definition: Definition) -> int:
    planned = reindexing.planned(search, alias, definition)
    assert planned is not None
    return reindexing.carry_out(search, planned, lambda *_: None, pause=0.05)


def test_files_are_found_all_the_time_and_then_in_the_new_index(
    search: OpenSearch, filled: str
) -> None:
    seen: list[tuple[int, int]] = []
    found: set[int] = set()

    def watch(copied: int, total: int) -> None:
        seen.append((copied, total))
        found.add(int(search.count(index=filled)["count"]))

    count(search, filled)  # refreshed
    definition = changed(2, colour={"type": "keyword"})
    planned = reindexing.planned(search, filled, definition)
    assert planned is not None

    assert reindexing.carry_out(search, planned, watch, pause=0.01) == COUNT

    assert found == {COUNT}
    assert seen[-1] == (COUNT, COUNT)
    assert indices.live(search, filled) == f"{filled}-v2"
    assert count(search, filled) == COUNT
    assert search.indices.exists(index=f"{filled}-v1")
    assert reindexing.planned(search, filled, definition) is None


def test_documents_keep_their_versions(search: OpenSearch, filled: str) -> None:
    move(search, filled, changed(2))

    answers = bulk.send(Target(search, filled, 4), [bulk.remove("0.txt")])

    assert answers["0.txt"].superseded


def test_nothing_is_written_meanwhile(search: OpenSearch, filled: str) -> None:
    planned = reindexing.planned(search, filled, changed(2))
    assert planned is not None
    refused: list[SearchUnavailable] = []

    def watch(*_: int) -> None:
        if not refused:
            with pytest.raises(SearchUnavailable, match="a reindex is under way") as caught:
                write(search, filled, "late.txt")
            refused.append(caught.value)

    reindexing.carry_out(search, planned, watch, pause=0.01)

    write(search, filled, "late.txt")
    assert count(search, filled) == COUNT + 1


def test_a_copy_that_fails_changes_nothing(search: OpenSearch, filled: str) -> None:
    definition = changed(2, file_name={"type": "long"})

    with pytest.raises(SearchError, match=f"{filled} stays with {filled}-v1"):
        move(search, filled, definition)

    assert indices.live(search, filled) == f"{filled}-v1"
    write(search, filled, "later.txt")
    assert count(search, filled) == COUNT + 1


def test_what_was_cut_off_is_begun_anew(search: OpenSearch, filled: str) -> None:
    planned = reindexing.planned(search, filled, changed(2))
    assert planned is not None

    def interrupt(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reindexing.carry_out(search, planned, interrupt)
    search.index(index=f"{filled}-v2", id="torso", body={"file_name": "torso"})

    assert move(search, filled, changed(2)) == COUNT
    assert count(search, filled) == COUNT


def test_only_older_indices_without_an_alias_are_left_over(search: OpenSearch, filled: str) -> None:
    assert reindexing.left_over(search, filled) == []
    move(search, filled, changed(2))
    search.indices.create(index=f"{filled}-v3")
    search.indices.create(index=f"{filled}-v1-copy")
    assert reindexing.left_over(search, filled) == [f"{filled}-v1"]


def test_code_whose_documents_the_live_index_cannot_take_names_the_remedy(
    search: OpenSearch, filled: str
) -> None:
    indices.ensure(search, filled, changed(2))  # its documents fit version 1
    newer = changed(2, written_from=2)
    with pytest.raises(SearchError, match="run `make reindex`"):
        indices.ensure(search, filled, newer)
    move(search, filled, newer)
    indices.ensure(search, filled, newer)
    indices.ensure(search, filled, replace(newer, version=1, written_from=1))  # code of before

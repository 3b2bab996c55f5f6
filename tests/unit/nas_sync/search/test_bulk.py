"""Every document is written or accounted for, whatever OpenSearch answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opensearchpy import OpenSearch

from nas_sync.errors import SearchError, SearchUnavailable
from nas_sync.search import bulk, indices
from nas_sync.search.bulk import Action, Target
from nas_sync.search.client import connect
from tests.unit.nas_sync import faulty
from tests.unit.nas_sync.faulty import Faults


@dataclass
class Index:
    """An index that is reached through a faulty proxy."""

    target: Target
    faults: Faults
    direct: OpenSearch
    pauses: list[float] = field(default_factory=list)

    def names(self) -> set[str]:
        """Names of the files that are there."""
        self.direct.indices.refresh(index=self.target.alias)
        body = {"size": 1000, "_source": ["file_name"]}
        hits = self.direct.search(index=self.target.alias, body=body)["hits"]["hits"]
        return {hit["_source"]["file_name"] for hit in hits}


@pytest.fixture
def index(search: OpenSearch, opensearch_endpoint: str, alias: str) -> Iterator[Index]:
    indices.ensure(search, alias, indices.definition("files"))
    pauses: list[float] = []
    with faulty.before(opensearch_endpoint) as (endpoint, faults):
        client = connect(endpoint, "ap-northeast-1", seconds=1)
        yield Index(Target(client, alias, 7, pauses.append), faults, search, pauses)


def documents(count: int) -> list[Action]:
    return [
        bulk.write(f"id{number}", {"file_name": f"{number}.txt", "file_path": f"{number}.txt"})
        for number in range(count)
    ]


def names(count: int) -> set[str]:
    return {f"{number}.txt" for number in range(count)}


@pytest.mark.parametrize("fault", ["429", "503", "502", "413", "cut", "slow"])
def test_a_request_that_fails_is_repeated_in_smaller_ones(index: Index, fault: str) -> None:
    index.faults.next.extend([fault])

    answers = bulk.send(index.target, documents(9))

    assert index.names() == names(9)
    assert {answer.status for answer in answers.values()} == {200}
    assert len(answers) == 9
    assert index.faults.sizes == [9, 5, 4]
    assert len(index.pauses) == 2


def test_items_that_are_refused_for_now_are_repeated_without_the_others(index: Index) -> None:
    index.faults.next.extend(["half", "half"])

    answers = bulk.send(index.target, documents(8))

    assert index.names() == names(8)
    assert len(answers) == 8
    assert sum(index.faults.sizes) < 8 + 4 + 4 + 4


@pytest.mark.parametrize(
    ("fault", "tries"), [("429", 6), ("503", 6), ("half", 6), ("slow", 2), ("cut", 2)]
)
def test_what_goes_on_failing_is_given_up(index: Index, fault: str, tries: int) -> None:
    index.faults.always = fault

    with pytest.raises(SearchUnavailable):
        bulk.send(index.target, documents(100))

    assert len(index.faults.sizes) == tries
    assert sum(index.pauses) < 12


def test_an_index_that_takes_no_writes_is_told_with_the_remedy(index: Index) -> None:
    index.faults.always = "blocked"

    with pytest.raises(SearchUnavailable, match="a reindex is under way"):
        bulk.send(index.target, documents(3))


def test_a_refusal_concerns_its_document_only(index: Index) -> None:
    wrong = bulk.write("wrong", {"file_name": "x", "file_size": "many"})
    unknown = bulk.write("unknown", {"file_name": "x", "colour": "red"})

    answers = bulk.send(index.target, [*documents(2), wrong, unknown])

    assert index.names() == names(2)
    assert [id_ for id_, answer in answers.items() if answer.refused] == ["wrong", "unknown"]
    assert "file_size" in answers["wrong"].reason
    assert "colour" in answers["unknown"].reason


def test_newer_documents_stay(index: Index) -> None:
    older = Target(index.target.client, index.target.alias, 6)
    newer = Target(index.target.client, index.target.alias, 8)
    bulk.send(index.target, documents(2))

    assert bulk.send(older, documents(1))["id0"].superseded
    assert bulk.send(older, [bulk.remove("id0")])["id0"].superseded
    assert index.names() == names(2)
    assert not bulk.send(newer, [bulk.remove("id0")])["id0"].superseded
    assert index.names() == {"1.txt"}


def test_removing_what_is_not_there_is_fine(index: Index) -> None:
    answers = bulk.send(index.target, [bulk.remove("nobody")])
    assert not answers["nobody"].refused


def test_without_the_alias_nothing_is_written_nor_made(index: Index) -> None:
    gone = Target(index.target.client, f"{index.target.alias}-gone", 7)

    with pytest.raises(SearchError, match="there is no alias"):
        bulk.send(gone, documents(1))

    assert not index.direct.indices.exists(index=gone.alias)


def test_a_single_document_that_is_too_large_is_told(index: Index) -> None:
    index.faults.always = "413"
    with pytest.raises(SearchError, match="413"):
        bulk.send(index.target, documents(1))


@given(
    sizes=st.lists(st.integers(1, 50), max_size=60),
    count=st.integers(1, 20),
    size=st.integers(1, 120),
)
def test_chunks_hold_everything_in_order_and_stay_within_limits(
    sizes: list[int], count: int, size: int
) -> None:
    actions = [Action(f"{number}", {}, b"x" * length) for number, length in enumerate(sizes)]

    chunks = list(bulk.chunks(actions, count, size))

    assert [action for chunk in chunks for action in chunk] == actions
    for chunk in chunks:
        assert 1 <= len(chunk) <= count
        assert len(chunk) == 1 or sum(len(action.body) for action in chunk) <= size

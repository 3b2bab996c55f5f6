"""Looking at many objects by few listings."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from hypothesis import given
from hypothesis import strategies as st

from scripts.archive.collect.states import State, before, look
from scripts.archive.restore_list.selection import Item

TIME = datetime(2024, 1, 1, tzinfo=UTC)
keys = st.text(st.characters(exclude_categories=["Cs"], min_codepoint=2), min_size=1, max_size=8)


class S3:
    """A bucket that lists, and counts requests."""

    def __init__(self, stored: list[str], page: int) -> None:
        self.stored = sorted(stored)
        self.page = page
        self.listings = self.heads = 0

    def list_objects_v2(self, **asked: Any) -> dict[str, Any]:
        self.listings += 1
        matching = [
            key
            for key in self.stored
            if key.startswith(asked["Prefix"]) and key > asked["StartAfter"]
        ]
        contents = [
            {
                "Key": key, "ETag": '"e"', "StorageClass": "DEEP_ARCHIVE",
                "RestoreStatus": {"IsRestoreInProgress": False, "RestoreExpiryDate": TIME},
            }
            for key in matching[: self.page]
        ]  # fmt: skip
        return {"Contents": contents, "IsTruncated": len(matching) > self.page}

    def head_object(self, **_: Any) -> dict[str, Any]:
        self.heads += 1
        return {"StorageClass": "DEEP_ARCHIVE"}


class Refusing(S3):
    """A bucket that may not be listed, or can't be reached."""

    def __init__(self, error: Exception) -> None:
        super().__init__([], 1)
        self.error = error

    def list_objects_v2(self, **_: Any) -> dict[str, Any]:
        raise self.error


def items(keys: list[str]) -> list[Item]:
    return [
        Item(number, key, key, "v", 1, "", None, '"e"', TIME, TIME)
        for number, key in enumerate(sorted(keys))
    ]


@given(st.sets(keys, min_size=1), st.sets(keys), st.integers(1, 5))
def test_every_object_is_found_with_at_most_one_listing_each_and_no_head(
    wanted: set[str], others: set[str], page: int
) -> None:
    s3: Any = S3(list(wanted | others), page)

    seen = {item.key: state for item, state in look(s3, "bucket", items(list(wanted)))}

    assert set(seen) == wanted
    assert {state.state for state in seen.values()} == {State.READY}
    assert s3.heads == 0
    assert s3.listings <= len(wanted)


@given(keys)
def test_what_comes_before_a_key_is_less_than_it(key: str) -> None:
    assert before(key) < key


def test_twenty_thousand_neighbours_take_a_listing_for_each_thousand() -> None:
    s3: Any = S3([f"s/{number:05}" for number in range(20_000)], 1000)

    seen = list(look(s3, "bucket", items(s3.stored)))

    assert len(seen) == 20_000
    assert s3.listings == 20
    assert s3.heads == 0


def test_an_object_that_is_not_listed_as_it_was_archived_is_looked_at_by_itself() -> None:
    s3: Any = S3(["a"], 10)

    seen = {item.key: state.state for item, state in look(s3, "bucket", items(["a", "b"]))}

    assert seen == {"a": State.READY, "b": State.NO_COPY}
    assert s3.heads == 1


def test_a_bucket_that_may_not_be_listed_is_looked_at_object_by_object() -> None:
    s3: Any = Refusing(ClientError({"Error": {"Code": "AccessDenied"}}, "ListObjectsV2"))

    assert len(list(look(s3, "bucket", items(["a", "b"])))) == 2
    assert s3.heads == 2


def test_an_s3_that_cant_be_reached_is_not_asked_object_by_object() -> None:
    s3: Any = Refusing(EndpointConnectionError(endpoint_url="http://s3"))

    with pytest.raises(EndpointConnectionError):
        list(look(s3, "bucket", items(["a", "b"])))
    assert s3.heads == 0

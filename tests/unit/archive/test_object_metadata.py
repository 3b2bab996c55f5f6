"""What an object carries comes back, whatever people write."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.archive import object_metadata
from scripts.archive.object_metadata import Carried

TEXTS = st.text(st.characters(codec="utf-8"), max_size=300)
TIMES = st.datetimes(timezones=st.just(UTC))
CARRIED = st.builds(
    Carried,
    TIMES,
    TEXTS,
    st.none() | TEXTS,
    st.none() | TEXTS,
    TIMES,
    st.none() | st.integers(1, 5 * 1024**4),
)


@given(CARRIED)
def test_what_is_described_is_read_again(carried: Carried) -> None:
    assert object_metadata.read(object_metadata.describe(carried)) == carried


@given(CARRIED)
def test_metadata_is_plain_ascii_that_no_proxy_changes(carried: Carried) -> None:
    for name, value in object_metadata.describe(carried).items():
        text = name + value
        assert text.isascii()
        assert text.isprintable()
        assert " " not in text


@given(CARRIED)
def test_the_size_is_what_s3_counts(carried: Carried) -> None:
    metadata = object_metadata.describe(carried)
    counted = sum(len(text.encode()) for pair in metadata.items() for text in pair)
    assert object_metadata.size(metadata) == counted


@pytest.mark.parametrize(
    "metadata",
    [{}, {"request-id": "R"}, {"request-id": "R", "archived-at": "?", "modified": "?"}],
)
def test_metadata_of_somebody_else_is_none(metadata: dict[str, str]) -> None:
    assert object_metadata.read(metadata) is None


@given(st.integers(-(10**18), 4 * 10**18))
def test_a_moment_is_exact_to_the_microsecond(nanoseconds: int) -> None:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    elapsed = object_metadata.moment(nanoseconds) - epoch
    microseconds = (elapsed.days * 86_400 + elapsed.seconds) * 10**6 + elapsed.microseconds
    assert microseconds == nanoseconds // 1000

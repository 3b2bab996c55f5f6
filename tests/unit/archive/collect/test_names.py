"""The names of collected files."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.archive.collect.naming import LIMIT, candidates

LATE = datetime(2023, 10, 5, 15, 0, tzinfo=UTC)
names = st.text(
    st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=120
).filter(lambda name: name not in (".", "..") and len(name.encode()) <= LIMIT)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("report.xlsx", ["report.xlsx", "report_20231006.xlsx", "report_20231006_2.xlsx"]),
        ("no extension", ["no extension", "no extension_20231006", "no extension_20231006_2"]),
        (".profile", [".profile", ".profile_20231006", ".profile_20231006_2"]),
        ("a.tar.gz", ["a.tar.gz", "a.tar_20231006.gz", "a.tar_20231006_2.gz"]),
        ("end.", ["end.", "end_20231006.", "end_20231006_2."]),
    ],
)
def test_the_day_in_tokyo_then_a_counter_go_before_the_extension(
    name: str, expected: list[str]
) -> None:
    assert list(islice(candidates(name, LATE), 3)) == expected


@given(names)
def test_all_candidates_differ_and_fit_and_the_first_is_the_name(name: str) -> None:
    first = list(islice(candidates(name, LATE), 20))

    assert first[0] == name
    assert len(set(first)) == 20
    assert all(len(each.encode()) <= LIMIT for each in first)


def test_a_name_too_long_for_linux_is_cut_before_the_extension() -> None:
    name = next(candidates("長" * 200 + ".docx", LATE))

    assert len(name.encode()) <= LIMIT
    assert name.endswith("長.docx")

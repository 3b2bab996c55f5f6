"""The parts of a large file."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scripts.archive.put.sending import parts

SMALLEST_PART = 5 * parts.MIB  # of S3, but for the last


@given(st.integers(parts.WHOLE_LIMIT + 1, parts.LARGEST))
def test_parts_are_what_s3_takes(size: int) -> None:
    each = parts.part_size(size)
    assert each is not None
    assert SMALLEST_PART <= each <= 5 * 1024**3
    assert each % parts.MIB == 0
    assert -(-size // each) <= parts.MOST_PARTS


@given(st.integers(parts.WHOLE_LIMIT + 1, 10 * 1024**4))
def test_ranges_cover_the_file_once(size: int) -> None:
    each = parts.part_size(size)
    assert each is not None
    position = 0
    for offset, length in parts.ranges(size, each):
        assert offset == position
        assert 0 < length <= each
        position += length
    assert position == size


def test_small_files_go_in_one_request_and_the_largest_in_most_parts() -> None:
    assert parts.part_size(0) is None
    assert parts.part_size(parts.WHOLE_LIMIT) is None
    assert parts.part_size(parts.WHOLE_LIMIT + 1) == parts.WHOLE_LIMIT
    each = parts.part_size(parts.LARGEST)
    assert each == 525 * parts.MIB
    assert len(list(parts.ranges(parts.LARGEST, each))) == 9987

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nas_sync import keys
from nas_sync.errors import BatchNotFound

LINES = st.tuples(st.integers(0, 99_999), st.integers(0, 99_999))


@pytest.mark.parametrize(
    "given",
    [
        "exec-0123456789abcdef0",
        "arn:aws:datasync:ap-northeast-1:123456789012:task/task-1/execution/exec-0123456789abcdef0",
    ],
)
def test_a_batch_is_named_by_the_last_part_of_its_transfers_arn(given: str) -> None:
    assert keys.batch_of(given) == "exec-0123456789abcdef0"


@pytest.mark.parametrize(
    "given",
    [
        "",
        "exec-",
        "exec-x'; rm -rf ~ #",
        "exec-1\n",
        "exec-../..",
        "exec-1/",
        "x",
        "exec-" + "0" * 99,
    ],
)
def test_no_key_is_made_of_what_names_no_batch(given: str) -> None:
    with pytest.raises(BatchNotFound, match="the name of no batch"):
        keys.batch_of(given)


@given(LINES)
def test_a_part_s_key_tells_its_lines(lines: tuple[int, int]) -> None:
    for key in (
        keys.result("exec-1", "document-00001", *lines),
        keys.problems("exec-1", "image-00002", *lines),
        keys.archived("exec-1", *lines),
    ):
        assert keys.lines_of(key) == lines


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 10))))
def test_parts_reach_as_far_as_they_leave_no_gap(ranges: list[tuple[int, int]]) -> None:
    parts = [
        keys.result("exec-1", "document-00001", begin, begin + length)
        for begin, length in sorted(ranges)
    ]
    covered = {line for begin, length in ranges for line in range(begin, begin + length)}
    gap = next(line for line in range(100) if line not in covered)
    assert keys.reach(parts) == gap

"""The benchmarks' table and exit code."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from tests.bench import frame
from tests.bench.frame import Figure


@pytest.mark.parametrize(
    ("theirs", "result", "met"), [(20.0, "10.0 ×", True), (19.0, "9.5 ×", False)]
)
def test_a_ratio_is_theirs_over_ours(theirs: float, result: str, met: bool) -> None:
    figure = frame.times_faster("merge", 2.0, "row by row", theirs, at_least=10)
    assert (figure.result, figure.met) == (result, met)
    assert (figure.measured, figure.peer) == ("2.00 s", f"row by row: {theirs:.2f} s")


@pytest.mark.parametrize(("measured", "met"), [(399.0, True), (400.0, False)])
def test_a_limit_is_kept_below(measured: float, met: bool) -> None:
    assert frame.below("import", measured, "ms", limit=400, how="median").met is met


def test_all_benchmarks_run_and_a_missed_target_is_told(tmp_path: Path) -> None:
    def good(home: Path) -> Iterator[Figure]:
        """Something fast."""
        assert list(home.iterdir()) == []
        yield frame.below("import", 1, "ms", limit=2, how="once")

    def bad(_home: Path) -> Iterator[Figure]:
        """Something slow."""
        yield frame.times_faster("merge", 2, "the peer", 3, at_least=4)

    told = StringIO()
    console = Console(file=told, width=200)
    assert frame.run([bad, good], tmp_path / "1", console) == 1
    assert "missed merge: 1.5 ×, not ≥ 4 ×" in told.getvalue()
    assert "Something fast." in told.getvalue()
    assert frame.run([good], tmp_path / "2", console) == 0

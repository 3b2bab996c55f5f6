"""Faults hit the calls they say, by counting."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.youtube_stand_in import Fault, Kind, faults
from scripts.youtube_stand_in.faults import Faults
from tests.unit.youtube_stand_in.worlds import examples


def _hits(fault: Fault, calls: int, method: str = "videos") -> list[int]:
    committed = Faults()
    committed.set([fault])
    return [n for n in range(1, calls + 1) if committed.next(method, {"id": "a,b"})]


@examples
@given(
    first=st.integers(1, 20),
    every=st.integers(1, 20),
    times=st.none() | st.integers(0, 5),
    calls=st.integers(0, 60),
)
def test_the_same_calls_fail_each_time(
    first: int, every: int, times: int | None, calls: int
) -> None:
    fault = Fault(Kind.CUT, first=first, every=every, times=times)
    assert _hits(fault, calls) == list(range(first, calls + 1, every))[:times]


def test_a_fault_can_be_limited_to_a_method_or_an_id() -> None:
    assert _hits(Fault(Kind.CUT, method="videos"), 2) == [1]
    assert _hits(Fault(Kind.CUT, method="channels"), 2) == []
    assert _hits(Fault(Kind.CUT, about="b"), 2) == [1]
    assert _hits(Fault(Kind.CUT, about="c"), 2) == []


def test_a_fault_can_be_limited_in_time() -> None:
    now = [100.0]
    committed = Faults(clock=lambda: now[0])
    committed.set([Fault(Kind.BACKEND_ERROR, times=None, seconds=5)])
    assert committed.next("videos", {})
    now[0] = 106.0
    assert committed.next("videos", {}) is None


def test_the_first_of_several_faults_is_met_and_all_count() -> None:
    committed = Faults()
    committed.set([Fault(Kind.CUT), Fault(Kind.SLOW, first=2)])
    met = [committed.next("videos", {}) for _ in range(3)]
    assert [fault and fault.kind for fault in met] == [Kind.CUT, Kind.SLOW, None]


@pytest.mark.parametrize("wrong", [{"first": 0}, {"every": 0}, {"method": "search"}])
def test_a_fault_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="a fault's"):
        faults.from_json({"kind": "cut", **wrong})


@examples
@given(st.builds(Fault))
def test_json_leads_back_to_the_fault(fault: Fault) -> None:
    assert faults.from_json(json.loads(json.dumps(faults.to_json(fault)))) == fault

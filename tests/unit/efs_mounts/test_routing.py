"""Which mount a path takes: always the same; each mount about as many; few move to a new one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from string import ascii_letters

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.efs_mounts import Router, UnsafePathError

MOUNTS = [f"/mnt/efs-{number}" for number in range(8)]
both = pytest.mark.parametrize("rendezvous", [False, True], ids=["remainder", "rendezvous"])

names = st.text(min_size=1).filter(lambda name: name not in (".", "..")).map(
    lambda name: name.translate({ord("/"): "-", ord("\\"): "-", 0: "-"})
)  # fmt: skip
encodable = names.filter(lambda name: not any("\ud800" <= letter <= "\udfff" for letter in name))
plain_paths = st.lists(encodable, min_size=1, max_size=4).map("/".join)

# A process that answers with the index of each path that it is asked for.
ANSWERING = """
import json, sys
from scripts.efs_mounts import Router
routers = {}
for line in sys.stdin:
    mounts, rendezvous, path = json.loads(line)
    key = (*mounts, rendezvous)
    if key not in routers:
        routers[key] = Router(mounts, rendezvous=rendezvous)
    print(routers[key].index(path), flush=True)
"""


@dataclass(frozen=True)
class Elsewhere:
    """A process of its own, with a seed of its own for Python's `hash`."""

    process: subprocess.Popen[str]

    def index(self, mounts: list[str], path: str, *, rendezvous: bool) -> int:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps([mounts, rendezvous, path]) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[list[Elsewhere]]:
    with ExitStack() as stack:
        processes = []
        for seed in ("0", "1", "4294967295"):
            process = stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", ANSWERING],
                    env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            processes.append(Elsewhere(process))
        yield processes
        for one in processes:
            one.process.kill()


@settings(max_examples=200)
@given(path=plain_paths, count=st.integers(1, 8), rendezvous=st.booleans())
def test_property_5_a_path_has_one_index_in_every_process(
    elsewhere: list[Elsewhere], path: str, count: int, rendezvous: bool
) -> None:
    """Feature: efs-mount-target-autoscaling, Property 5: same path, same index, everywhere."""
    mounts = MOUNTS[:count]
    here = Router(mounts, rendezvous=rendezvous)
    index = here.index(path)
    assert index in range(count)
    assert [there.index(mounts, path, rendezvous=rendezvous) for there in elsewhere] == [index] * 3
    assert here.route(path) == f"{mounts[index]}/{path}"


def test_what_was_decided_once_stays_so() -> None:
    paths = ["a", "tenants/7/2026-11-22/report.pdf", "写真/0001.jpg", "bytes-\udcff"]
    chosen = {
        rendezvous: [Router(MOUNTS[:3], rendezvous=rendezvous).index(path) for path in paths]
        for rendezvous in (False, True)
    }
    assert chosen == {False: [2, 2, 0, 1], True: [1, 0, 2, 0]}


@dataclass(frozen=True)
class Naming:
    """How a program names its files: something, a number, something."""

    before: str
    first: int
    step: int
    form: str
    after: str

    def paths(self, count: int) -> list[str]:
        numbers = range(self.first, self.first + count * self.step, self.step)
        return [f"{self.before}{number:{self.form}}{self.after}" for number in numbers]


namings = st.builds(
    Naming,
    st.text(f"{ascii_letters}日本-_", min_size=1, max_size=40),
    st.integers(0, 10**9),
    st.sampled_from([1, 2, 4, 7, 10, 64, 100, 256, 1000]),
    st.sampled_from(["d", "012d", "x", "08x", "040b"]),
    st.sampled_from(["", ".jpg", ".tar.gz", "/data.bin"]),
)


@both
@settings(max_examples=100)
@given(naming=namings, count=st.integers(2, 8))
def test_property_6_no_mount_gets_far_more_than_others(
    rendezvous: bool, naming: Naming, count: int
) -> None:
    """Feature: efs-mount-target-autoscaling, Property 6: no extreme imbalance (chi-square).

    Not random keys, which any hash spreads, but names as programs make them.
    """
    paths = naming.paths(1000)
    router = Router(MOUNTS[:count], rendezvous=rendezvous)
    loads = Counter(map(router.index, paths))
    even = len(paths) / count
    chi_square = sum((loads[number] - even) ** 2 / even for number in range(count))
    assert chi_square < LIMITS[count - 2]


# Of 1 to 7 degrees of freedom: by chance exceeded once in 10^9 cases.
LIMITS = [37.3, 41.4, 44.8, 47.9, 50.7, 53.4, 55.9]


@settings(max_examples=100)
@given(naming=namings, count=st.integers(1, 7))
def test_with_rendezvous_a_further_mount_takes_its_share_and_moves_nothing_else(
    naming: Naming, count: int
) -> None:
    paths = naming.paths(1000)
    before = Router(MOUNTS[:count], rendezvous=True)
    after = Router(MOUNTS[: count + 1], rendezvous=True)
    moved = [path for path in paths if before.index(path) != after.index(path)]
    assert {after.index(path) for path in moved} <= {count}
    share = len(paths) / (count + 1)
    assert abs(len(moved) - share) < 6.5 * share**0.5


@given(paths=st.lists(plain_paths, min_size=1), lost=st.integers(0, 3))
def test_with_rendezvous_a_mount_that_is_skipped_moves_only_its_own_paths(
    paths: list[str], lost: int
) -> None:
    whole = Router(MOUNTS[:4], rendezvous=True)
    rest = Router([mount for mount in whole.mounts if mount != MOUNTS[lost]], rendezvous=True)
    for path in paths:
        if whole.index(path) != lost:
            assert rest.route(path) == whole.route(path)


@both
@given(parts=st.lists(encodable, min_size=1, max_size=4), other=st.sampled_from(["//", "/./"]))
def test_spellings_of_one_path_take_one_way(rendezvous: bool, parts: list[str], other: str) -> None:
    router = Router(MOUNTS[:5], rendezvous=rendezvous)
    path = "/".join(parts)
    spellings: list[str | bytes] = [f"./{path}", other.join(parts), f"{path}/.", path.encode()]
    assert {router.route(spelling) for spelling in spellings} == {router.route(path)}


def test_accesses_are_counted_by_mount_and_told_once() -> None:
    router = Router(MOUNTS[:2])
    for number in range(50):
        router.route(f"file-{number}")
    counts = router.accesses
    assert sum(counts) == 50
    lines = [json.loads(line) for line in router.metrics("prd")]
    told = {line["mount"]: line["MountAccesses"] for line in lines}
    assert told == dict(zip(MOUNTS[:2], counts, strict=True))
    described = lines[0]["_aws"]["CloudWatchMetrics"][0]
    assert described["Namespace"] == "batchworks"
    assert all(dimension in lines[0] for dimension in described["Dimensions"][0])
    assert router.accesses == [0, 0]


def test_an_application_gets_its_mounts_from_the_environment() -> None:
    router = Router.from_environment({"EFS_MOUNTS": "/mnt/efs-0:/mnt/efs-2"})
    assert router.mounts == ("/mnt/efs-0", "/mnt/efs-2")


@pytest.mark.parametrize("value", ["", ":"])
def test_no_mounts_are_told_at_once(value: str) -> None:
    with pytest.raises(ValueError, match="EFS_MOUNTS is empty or not set"):
        Router.from_environment({"EFS_MOUNTS": value})


def test_a_path_that_is_refused_counts_for_nothing() -> None:
    router = Router(MOUNTS)
    with pytest.raises(UnsafePathError):
        router.route("../x")
    assert sum(router.accesses) == 0

"""What a run decides, from what is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from efs_autoscaler.decide import (
    arranged,
    deployment_due,
    exceeds,
    free_subnet,
    missing_subnets,
)
from efs_autoscaler.mount_targets import MountTarget, Subnet
from efs_autoscaler.service import Service
from efs_autoscaler.settings import LaunchType

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ZONES = st.sampled_from("abcd")
SUBNETS = st.lists(st.builds(Subnet, st.text("0123", min_size=4), ZONES, st.integers(0, 3)))
TARGETS = st.lists(
    st.builds(
        MountTarget, st.text("0123456789", min_size=1), st.just("10.0.0.1"), ZONES, st.text()
    ),
    unique_by=lambda target: target.mount_target_id,
)


def _service(deployed_at: datetime | None = NOW, subnets: list[str] | None = None) -> Service:
    network = None if subnets is None else {"subnets": subnets}
    return Service("cluster", "service", deployed_at, network)  # type: ignore[arg-type]


@given(st.integers(0), st.integers(0))
def test_only_more_files_than_the_threshold_exceed_it(files: int, threshold: int) -> None:
    assert exceeds(files, threshold) == (files - threshold > 0)


@given(SUBNETS, st.sets(ZONES))
def test_a_subnet_is_found_whenever_there_is_one_in_a_free_zone_with_an_address(
    subnets: list[Subnet], taken: set[str]
) -> None:
    fit = [each for each in subnets if each.availability_zone not in taken and each.free_addresses]
    found = free_subnet(subnets, taken)
    assert (found is None) == (not fit)
    assert found is None or found in fit
    assert found == free_subnet(reversed(subnets), taken)  # whatever order AWS tells them in


def test_in_a_zone_the_subnet_with_most_addresses_is_taken() -> None:
    subnets = [Subnet("s-1", "b", 9), Subnet("s-2", "a", 1), Subnet("s-3", "a", 5)]
    assert free_subnet(subnets, set()) == subnets[2]


@given(TARGETS, st.randoms(), st.integers(0, 5), st.integers(0, 5))
def test_those_listed_keep_their_order_and_new_ones_come_last(
    targets: list[MountTarget], chance: Random, gone: int, new: int
) -> None:
    listed = targets[new:]
    there = targets[: max(0, len(targets) - gone)]
    shuffled = list(there)
    chance.shuffle(shuffled)
    result = arranged(listed, shuffled)
    kept = [each for each in listed if each in there]
    assert list(result[: len(kept)]) == kept
    assert sorted(result, key=repr) == sorted(there, key=repr)
    assert arranged(result, shuffled) == result


def test_a_deployment_is_due_where_tasks_may_know_an_older_list() -> None:
    second = timedelta(seconds=1)
    assert deployment_due(_service(NOW - second), NOW, [])
    assert not deployment_due(_service(NOW), NOW, [])
    assert not deployment_due(_service(NOW + second), NOW, [])
    assert deployment_due(_service(NOW), None, [])
    assert deployment_due(_service(None), NOW, [])
    assert deployment_due(_service(NOW), NOW, ["subnet-1"])


def test_only_a_fargate_service_with_a_network_of_its_own_is_widened() -> None:
    targets = [MountTarget("fsmt-1", "", "a", "s-1"), MountTarget("fsmt-2", "", "b", "s-2")]
    assert missing_subnets(_service(subnets=["s-1"]), targets, LaunchType.FARGATE) == ("s-2",)
    assert missing_subnets(_service(subnets=["s-2", "s-1"]), targets, LaunchType.FARGATE) == ()
    assert missing_subnets(_service(subnets=["s-1"]), targets, LaunchType.EC2) == ()
    assert missing_subnets(_service(), targets, LaunchType.FARGATE) == ()

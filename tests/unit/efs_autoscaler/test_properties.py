"""What holds for every number of files, every state of the estate and every error.

Property 1 is in test_count; 5, 6 and 8 are the containers': tests/unit/efs_mounts.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efs_autoscaler import mount_list, mount_targets
from efs_autoscaler.clients import Clients
from efs_autoscaler.mount_list import Published
from efs_autoscaler.mount_targets import MountTarget, Subnet
from efs_autoscaler.settings import LaunchType
from tests.unit.efs_autoscaler import estate
from tests.unit.efs_autoscaler.estate import ZONES, Estate, Network
from tests.unit.efs_autoscaler.faults import Faults

SOME_ZONES = st.lists(st.sampled_from(ZONES), min_size=1, unique=True)
CHANGING_NOTHING = (
    ("GetParameter", "AccessDeniedException"),
    ("DescribeMountTargets", "FileSystemNotFound"),
    ("DescribeFileSystems", "FileSystemNotFound"),
    ("DescribeSubnets", "UnauthorizedOperation"),
    ("CreateMountTarget", "SubnetNotFound"),
    ("CreateMountTarget", "NoFreeAddressesInSubnet"),
    ("PutParameter", "AccessDeniedException"),
    ("PutParameter", "InternalServerError"),
)
AFTER_THE_LIST = (
    ("DescribeServices", "ClusterNotFoundException"),
    ("UpdateService", "InvalidParameterException"),
)


World = tuple[Clients, Network]


@pytest.fixture(scope="module")
def world(clients: Clients, surroundings: Network) -> World:
    """Where an estate is made for each example."""
    return clients, surroundings


@contextmanager
def _estate(world: World, **how: Any) -> Iterator[Estate]:
    with tempfile.TemporaryDirectory() as folder:
        yield estate.build(*world, Path(folder), **how)


@settings(max_examples=100)
@given(
    files=st.integers(0, 8),
    threshold=st.integers(0, 8),
    zones=SOME_ZONES,
    launch_type=st.sampled_from(LaunchType),
)
def test_property_2_a_mount_target_is_created_if_and_only_if_files_exceed_the_threshold(
    world: World,
    files: int,
    threshold: int,
    zones: list[str],
    launch_type: LaunchType,
) -> None:
    """Feature: efs-mount-target-autoscaling, Property 2."""
    with _estate(world, zones=zones, launch_type=launch_type) as one:
        one.hold_files(files)
        before = one.configuration()
        answer = one.run(file_count_threshold=threshold).answer()
        assert answer["threshold_exceeded"] is (files > threshold)
        scales = files > threshold and len(zones) < len(ZONES)
        assert answer["new_mount_target_created"] is scales
        assert answer["deployment_triggered"] is scales
        assert len(one.targets()) == len(zones) + scales
        assert one.listed()[: len(zones)] == zones
        assert one.whole()
        assert scales or one.configuration() == before


@settings(max_examples=100)
@given(asked=st.lists(st.sampled_from(ZONES), min_size=1, max_size=5))
def test_property_3_asked_twice_for_the_same_subnet_there_is_one_mount_target(
    world: World, asked: list[str]
) -> None:
    """Feature: efs-mount-target-autoscaling, Property 3."""
    clients, network = world
    file_system = clients.efs.create_file_system(CreationToken=uuid4().hex)["FileSystemId"]
    for zone in asked + asked:
        mount_targets.create(
            clients.efs,
            file_system,
            Subnet(network.subnets[zone], zone, 1),
            network.security_group_id,
        )
    found = mount_targets.observe(clients.efs, file_system)
    assert sorted(each.target.availability_zone for each in found) == sorted(set(asked))


_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=30)
_LISTS = st.lists(
    st.builds(MountTarget, _TEXT, _TEXT, _TEXT, _TEXT),
    max_size=6,
    unique_by=lambda target: target.mount_target_id,
)


@settings(max_examples=100)
@given(targets=_LISTS)
def test_property_4_what_is_put_into_ssm_is_what_is_read(
    world: World, targets: list[MountTarget]
) -> None:
    """Feature: efs-mount-target-autoscaling, Property 4."""
    ssm = world[0].ssm
    mount_list.write(ssm, "/app/efs/round-trip", targets)
    read = mount_list.read(ssm, "/app/efs/round-trip")
    assert read == Published(tuple(targets), read.written_at)


@settings(max_examples=100)
@given(
    fault=st.tuples(st.sampled_from(CHANGING_NOTHING + AFTER_THE_LIST), st.integers(0, 2)),
    zones=SOME_ZONES,
    files=st.integers(0, 8),
)
def test_property_7_after_any_error_the_existing_configuration_is_unchanged(
    world: World, faults: Faults, fault: tuple[tuple[str, str], int], zones: list[str], files: int
) -> None:
    """Feature: efs-mount-target-autoscaling, Property 7."""
    refused, call = fault
    with _estate(world, zones=zones) as one:
        one.hold_files(files)
        value, *service = one.configuration()
        try:
            one.run(clients=faults.refuse(*refused, call=call))
        except Exception:  # noqa: BLE001 - whatever it is, this is left
            now, *service_now = one.configuration()
            assert service_now == service
            assert set(zones) <= set(one.targets())
            if refused in CHANGING_NOTHING:
                assert now == value
            else:
                assert estate.entries(now)[: len(zones)] == estate.entries(value)
        else:
            assert one.whole()

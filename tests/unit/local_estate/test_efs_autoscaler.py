import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.local_aws import start
from scripts.local_estate import postgres, seed
from scripts.local_estate.estate import Estate
from scripts.local_estate.systems.efs_autoscaler import SYSTEM, fill


def counted(folder: Path) -> list[int]:
    """The files of every directory that has some."""
    return [len(files) for _, _, files in os.walk(folder) if files]


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    home = tmp_path_factory.mktemp("efs")
    with start(home) as aws:
        none = postgres.Postgres(home, 1, "")
        yield Estate(home, aws, none, seed.network(aws.client))


def test_as_many_files_are_made_as_asked_for_spread_over_directories(tmp_path: Path) -> None:
    fill(tmp_path, files=1001, directories=20)
    assert sum(counted(tmp_path)) == 1001
    assert sorted(set(counted(tmp_path))) == [50, 51]
    assert len(counted(tmp_path)) == 20


def test_filling_again_adds_only_what_is_missing(tmp_path: Path) -> None:
    fill(tmp_path, files=100, directories=4)
    (tmp_path / "other").touch()
    fill(tmp_path, files=120, directories=4)
    assert sum(counted(tmp_path)) == 121


def test_a_subnet_in_a_third_zone_is_lent_once(estate: Estate) -> None:
    lent = SYSTEM.lend(estate)

    candidates = lent["candidate_subnet_ids"]
    assert candidates[:2] == estate.network["private_subnet_ids"]
    subnets = estate.aws.client("ec2").describe_subnets(SubnetIds=candidates)["Subnets"]
    assert {each["AvailabilityZone"][-1] for each in subnets} == {"a", "c", "d"}
    assert {each["VpcId"] for each in subnets} == {estate.network["vpc_id"]}
    assert SYSTEM.lend(estate) == lent

"""What fails, row by row: how the run ends, what it tells, and what it therefore leaves alone."""

from __future__ import annotations

from typing import Any

import pytest

from batchworks.errors import JobError, SettingsError
from efs_autoscaler.clients import connect
from efs_autoscaler.count import CountError
from efs_autoscaler.mount_targets import MountTargetError
from efs_autoscaler.result import Result
from efs_autoscaler.service import ServiceError
from efs_autoscaler.steps import StepError
from scripts.local_aws.mount_targets import MOUNT_TARGETS, Ending
from tests.unit.efs_autoscaler import faults as making
from tests.unit.efs_autoscaler.conftest import Build
from tests.unit.efs_autoscaler.estate import THRESHOLD, ZONES, Estate, a_clock, entries
from tests.unit.efs_autoscaler.faults import Faults


def _crowded(build: Build) -> Estate:
    estate = build()
    estate.hold_files(THRESHOLD + 1)
    return estate


def test_efs_out_of_reach_stops_the_run_before_it_calls_aws(build: Build, faults: Faults) -> None:
    estate = _crowded(build)
    called: list[str] = []
    clients = faults.plan(lambda name, _: called.append(name))
    result = Result(THRESHOLD)
    with pytest.raises(CountError, match="/gone can't be read"):
        estate.run(clients=clients, result=result, target_directory="/gone")
    assert called == []
    answer = result.answer()
    assert answer["file_count"] is None
    assert answer["threshold_exceeded"] is False


def test_no_free_zone_is_a_warning_and_a_good_end(
    build: Build, caplog: pytest.LogCaptureFixture
) -> None:
    estate = build(zones=ZONES)
    estate.hold_files(THRESHOLD + 1)
    before = estate.configuration()
    result = estate.run()
    assert (result.threshold_exceeded, result.new_mount_target_id) == (True, None)
    assert estate.configuration() == before
    assert "no subnet in a zone without a mount target" in caplog.text


def test_candidates_are_those_given(build: Build) -> None:
    estate = _crowded(build)
    known = estate.network.subnets
    assert estate.run(subnet_ids=(known[ZONES[0]],)).new_mount_target_id is None
    assert estate.run(subnet_ids=(known[ZONES[2]],)).new_mount_target_id


def test_a_one_zone_file_system_gets_no_mount_target_elsewhere(build: Build) -> None:
    estate = _crowded(build)
    efs = estate.clients.efs
    one_zone = efs.create_file_system(
        CreationToken=f"{estate.settings.file_system_id}-one", AvailabilityZoneName=ZONES[0]
    )["FileSystemId"]
    efs.create_mount_target(FileSystemId=one_zone, SubnetId=estate.network.subnets[ZONES[0]])
    assert estate.run(file_system_id=one_zone).new_mount_target_id is None
    assert estate.listed() == [ZONES[0]]


def test_a_candidate_of_another_network_is_refused_by_name(build: Build) -> None:
    estate = _crowded(build)
    subnet = estate.network.subnets[ZONES[2]]
    before = estate.configuration()
    with pytest.raises(SettingsError, match=f"names {subnet}, which are not in the VPC vpc-other"):
        estate.run(subnet_ids=(subnet,), vpc_id="vpc-other")
    assert estate.configuration() == before


def test_a_creation_that_fails_changes_neither_list_nor_service(
    build: Build, faults: Faults
) -> None:
    estate = _crowded(build)
    before = estate.configuration()
    clients = faults.refuse("CreateMountTarget", "NoFreeAddressesInSubnet")
    with pytest.raises(StepError, match=r"in subnet-\w+ in .*1d \(.*the list in SSM and the serv"):
        estate.run(clients=clients)
    assert estate.configuration() == before
    assert list(estate.targets()) == list(ZONES[:2])


def test_a_creation_that_never_ends_is_given_up_in_time_and_waited_for_by_the_next_run(
    build: Build,
) -> None:
    estate = _crowded(build)
    before = estate.configuration()
    MOUNT_TARGETS.become(Ending.CREATING)
    result = Result(THRESHOLD)
    clock = a_clock()
    with pytest.raises(MountTargetError, match="did not become available in the time there is"):
        estate.run(result=result, clock=clock)
    assert clock.time_left() > 20
    assert result.answer()["new_mount_target_created"] is True
    assert estate.configuration() == before
    with pytest.raises(MountTargetError, match=str(result.new_mount_target_id)):
        estate.run()  # creates no further one
    assert len(estate.targets()) == 3
    MOUNT_TARGETS.become(Ending.AVAILABLE)
    assert estate.run().deployment_triggered
    assert estate.listed() == list(ZONES)


def test_a_creation_that_ends_in_error_is_an_error_and_is_never_listed(
    build: Build, caplog: pytest.LogCaptureFixture
) -> None:
    estate = _crowded(build)
    before = estate.configuration()
    MOUNT_TARGETS.become(Ending.ERROR)
    with pytest.raises(MountTargetError, match="is error instead of available: delete it"):
        estate.run()
    estate.run()
    assert estate.configuration() == before
    assert f"in {ZONES[2]} is error: it is not listed" in caplog.text


def test_where_somebody_was_faster_the_run_goes_on_with_what_there_is(
    build: Build, faults: Faults
) -> None:
    estate = _crowded(build)

    def happening(name: str, _: int) -> None:
        if name == "CreateMountTarget":
            estate.add_target(ZONES[2])

    result = estate.run(clients=faults.plan(happening))
    assert result.answer()["new_mount_target_created"] is False
    assert result.deployment_triggered
    assert estate.listed() == list(ZONES)


def test_a_conflict_that_is_none_of_zones_is_an_error(build: Build, faults: Faults) -> None:
    estate = _crowded(build)
    before = estate.configuration()
    with pytest.raises(StepError, match="MountTargetConflict"):
        estate.run(clients=faults.refuse("CreateMountTarget", "MountTargetConflict"))
    assert estate.configuration() == before


def test_a_list_that_cannot_be_written_is_not_deployed(build: Build, faults: Faults) -> None:
    estate = _crowded(build)
    before = estate.configuration()
    with pytest.raises(StepError, match=r"can't be written .*AccessDenied.*: nothing is deployed"):
        estate.run(clients=faults.refuse("PutParameter", "AccessDeniedException"))
    assert estate.configuration() == before
    assert estate.run().deployment_triggered
    assert estate.whole()


def test_a_list_that_cannot_be_read_stops_the_run_before_it_creates(
    build: Build, faults: Faults
) -> None:
    estate = _crowded(build)
    before = estate.configuration()
    with pytest.raises(StepError, match=r"can't be read .*: nothing was changed"):
        estate.run(clients=faults.refuse("GetParameter", "AccessDeniedException"))
    assert estate.configuration() == before
    assert len(estate.targets()) == 2


def test_a_deployment_that_fails_leaves_the_list_right_and_the_next_run_deploys(
    build: Build, faults: Faults
) -> None:
    estate = _crowded(build)
    deployed = estate.deployments()
    result = Result(THRESHOLD)
    with pytest.raises(StepError, match="list in SSM is right; the next run deploys"):
        estate.run(clients=faults.refuse("UpdateService", "ServerException"), result=result)
    assert result.answer()["deployment_triggered"] is False
    assert estate.listed() == list(ZONES)
    assert estate.deployments() == deployed
    assert estate.run().deployment_triggered


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"ecs_service_name": "none"}, "there is no such service"),
        ({"ecs_cluster_name": "none"}, "there is no such cluster"),
    ],
)
def test_without_its_service_the_list_is_right_all_the_same(
    build: Build, changes: dict[str, Any], why: str
) -> None:
    estate = _crowded(build)
    with pytest.raises(ServiceError, match=why):
        estate.run(**changes)
    assert estate.listed() == list(ZONES)


def test_a_service_that_is_deleted_is_not_deployed(build: Build) -> None:
    estate = _crowded(build)
    name = estate.settings.ecs_service_name
    estate.clients.ecs.delete_service(cluster=name, service=name, force=True)
    with pytest.raises(ServiceError, match="it is INACTIVE"):
        estate.run()


def test_a_list_is_never_emptied(build: Build) -> None:
    estate = build()
    before = estate.value()
    for each in entries(before):
        estate.clients.efs.delete_mount_target(MountTargetId=each["mount_target_id"])
    estate.settle()
    with pytest.raises(MountTargetError, match=r"no mount target of fs-.* is available"):
        estate.run()
    assert estate.value() == before


@pytest.mark.parametrize("seed", [1, 3, 4])
def test_with_a_fifth_of_all_requests_throttled_a_run_does_its_work(
    build: Build, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    estate = _crowded(build)
    with monkeypatch.context() as patch:
        patch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0.01)
        clients = connect()
        refused = making.throttle(0.2, seed, patch.setattr)
        result = estate.run(clients=clients)
    assert refused
    assert result.deployment_triggered
    assert estate.whole()


def test_throttled_without_end_a_run_fails_and_changes_nothing(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    estate = _crowded(build)
    before = estate.configuration()
    with monkeypatch.context() as patch:
        patch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0.01)
        clients = connect()
        refused = making.throttle(1.0, 0, patch.setattr)
        with pytest.raises(JobError, match="ThrottlingException"):
            estate.run(clients=clients)
    assert len(refused) == 8
    assert estate.configuration() == before

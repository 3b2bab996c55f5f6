"""A run: it compares what is with what should be, and puts it right."""

from __future__ import annotations

from tests.unit.efs_autoscaler.conftest import Build
from tests.unit.efs_autoscaler.estate import THRESHOLD, ZONES


def test_too_many_files_bring_one_more_mount_target_a_longer_list_and_new_tasks(
    build: Build,
) -> None:
    estate = build()
    before = estate.deployments()
    estate.hold_files(THRESHOLD + 1)
    result = estate.run()
    assert estate.targets() == dict.fromkeys(ZONES, "available")
    assert estate.listed() == list(ZONES)
    assert estate.deployments()[0] not in before
    answer = result.answer()
    assert answer.pop("timestamp").endswith("+00:00")
    assert answer.pop("new_mount_target_id").startswith("fsmt-")
    assert answer == {
        "file_count": THRESHOLD + 1,
        "threshold": THRESHOLD,
        "threshold_exceeded": True,
        "new_mount_target_created": True,
        "deployment_triggered": True,
    }
    assert estate.whole()


def test_as_many_files_as_the_threshold_change_nothing(build: Build) -> None:
    estate = build()
    estate.hold_files(THRESHOLD)
    before = estate.configuration()
    result = estate.run()
    assert estate.configuration() == before
    assert not result.threshold_exceeded
    assert not result.deployment_triggered

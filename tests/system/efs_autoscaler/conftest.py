from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.local_estate.systems.efs_autoscaler import fill
from tests.system.efs_autoscaler.system import THRESHOLD, EfsAutoscaler
from tests.system.system import applied

MANY = THRESHOLD + 1


class Files:
    """The folder that is counted, with no files or too many, in no time."""

    def __init__(self, folder: Path) -> None:
        self._crowd = folder / "crowd"
        self._aside = folder.parent / "aside"
        self.none()
        if not self._aside.exists():
            fill(self._aside, MANY)

    def many(self) -> None:
        self._aside.rename(self._crowd)

    def none(self) -> None:
        if self._crowd.exists():
            self._crowd.rename(self._aside)


efs_autoscaler = applied("efs-autoscaler", EfsAutoscaler)


@pytest.fixture(scope="session")
def files(efs_autoscaler: EfsAutoscaler) -> Files:
    return Files(efs_autoscaler.files)


@pytest.fixture(scope="session")
def first_list(efs_autoscaler: EfsAutoscaler) -> str:
    return efs_autoscaler.list_value()


@pytest.fixture
def system(efs_autoscaler: EfsAutoscaler, files: Files, first_list: str) -> Iterator[EfsAutoscaler]:
    """The deployed stack as Terraform left it: two mount targets, listed, deployed; no files."""
    yield efs_autoscaler
    files.none()
    _as_applied(efs_autoscaler, first_list)


def _as_applied(system: EfsAutoscaler, first_list: str) -> None:
    system.aws.mount_targets_become("available")
    system.release()
    if system.list_value() != first_list:
        system.write_list(first_list)
        system.deploy()
    url = system.function.dead_letter_url()
    for letter in system.function.dead_letters():
        system.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=letter["ReceiptHandle"])

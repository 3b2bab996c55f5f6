"""A restore that is killed: run again, everything is asked for and listed."""

from __future__ import annotations

import random
import signal
from itertools import product
from pathlib import Path

import pytest

from scripts.archive.exits import Exit
from tests.unit.archive import killing
from tests.unit.archive.processes import Moment
from tests.unit.archive.vault import SHARE, Vault, unc

SIDE_EFFECTS = (
    "scripts.archive.restore.direct._ask_once",
    "scripts.archive.run_files.RunFiles.path",
    "scripts.archive.restore.results.write_results",
)
FILES = [f"d{number % 3}/{number:02}.txt" for number in range(30)]


@pytest.fixture
def listed(vault: Vault) -> Path:
    """A list of everything that is archived."""
    vault.archive(FILES)
    return vault.listed(*unc(""))


def is_asked_for(vault: Vault) -> bool:
    """Whether the copy of every file is under way."""
    answer = vault.s3.list_objects_v2(
        Bucket=vault.bucket, Prefix=SHARE, OptionalObjectAttributes=["RestoreStatus"]
    )
    return [each["Key"] for each in answer["Contents"] if "RestoreStatus" in each] == [
        f"{SHARE}/{path}" for path in sorted(FILES)
    ]


def test_after_each_kind_of_side_effect(vault: Vault, listed: Path) -> None:
    for function, calls in product(SIDE_EFFECTS, (1, 20)):
        vault.aws.expire_restores()

        killed = killing.run(
            vault, "restore", listed, "--yes", kill=Moment(function, calls, after=True)
        )
        vault.forget()
        again = killing.run(vault, "restore", listed, "--yes")

        assert killed == -signal.SIGKILL or (calls > 1 and killed == Exit.DONE), function
        assert again == Exit.DONE, function
        assert is_asked_for(vault), function
        assert vault.left("restore_requests") == sorted(unc(*FILES))


def test_at_random_moments(vault: Vault, listed: Path) -> None:
    random.seed(20231006)
    for _ in range(10):
        process = killing.start(vault, "restore", listed, "--yes")
        process.join(random.uniform(0, 1))
        process.kill()
        process.join()
    vault.forget()

    assert killing.run(vault, "restore", listed, "--yes") == Exit.DONE
    assert is_asked_for(vault)
    assert vault.left("restore_requests") == sorted(unc(*FILES))

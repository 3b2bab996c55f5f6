"""nas-sync: a first sync and the second month, from the NAS to the reconciliation."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from scripts.background import NotStartedError
from scripts.local_aws.nas import folder_on_nas
from scripts.local_estate import estate, nas_share
from scripts.local_estate.deploy import Deployed, deploy
from scripts.local_estate.systems.nas_sync import SERVER, SHARE
from tests.bench.frame import Figure, seconds, skipped, times_faster

_FILES = 2_000
_TITLE = f"second month of {_FILES:,} files, 10 % of them changed or new"
_LOOK_SECONDS = 0.2


def months(home: Path) -> Iterator[Figure]:
    """Run nas-sync's state machine on 2,000 files, and once more a month later (eight minutes)."""
    folder = folder_on_nas(home, SERVER, SHARE)
    before = nas_share.make_share(folder, _FILES)
    try:
        deployed = deploy("nas-sync", home)
    except NotStartedError as error:
        yield skipped(_TITLE, str(error))
        return
    try:
        first = seconds(partial(_run, deployed, "initial"))
        nas_share.a_month_later(folder, before)
        second = seconds(partial(_run, deployed, "monthly_scheduled"))
    finally:
        estate.stop(home)
    yield times_faster(_TITLE, second, "first sync", first, at_least=6)
    yield Figure(
        f"first sync of {_FILES:,} files, all in all",
        f"{first:.0f} s",
        "–",
        f"{_FILES / first:.0f} files/s",
        "–",
        met=True,
    )


BENCHMARKS = (months,)


def _run(deployed: Deployed, batch_type: str) -> None:
    """Let the state machine run to its end."""
    states = deployed.estate.aws.client("stepfunctions")
    arn = states.start_execution(
        stateMachineArn=deployed.outputs["state_machine"]["arn"],
        input=json.dumps({"batch_type": batch_type}),
    )["executionArn"]
    while (ended := states.describe_execution(executionArn=arn))["status"] == "RUNNING":
        time.sleep(_LOOK_SECONDS)
    if ended["status"] != "SUCCEEDED":
        raise RuntimeError(f"the run {batch_type} ended {ended['status']}: {ended.get('cause')}")

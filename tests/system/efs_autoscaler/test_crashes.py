"""`kill -9` between any two steps: the next run ends what was begun, and doubles nothing."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.system.efs_autoscaler.conftest import Files
from tests.system.efs_autoscaler.system import EfsAutoscaler
from tests.system.system import eventually

# In the order of a run.
CALLS = [
    ("ssm.GetParameter", 1, "before"),
    ("efs.CreateMountTarget", 1, "before"),
    ("efs.CreateMountTarget", 1, "after"),
    ("efs.DescribeMountTargets", 2, "after"),
    ("ssm.PutParameter", 1, "before"),
    ("ssm.PutParameter", 1, "after"),
    ("ecs.UpdateService", 1, "before"),
    ("ecs.UpdateService", 1, "after"),
]


@pytest.mark.parametrize(("action", "nth", "moment"), CALLS)
def test_a_run_killed_between_two_steps_is_healed_by_the_next(
    system: EfsAutoscaler, files: Files, action: str, nth: int, moment: str
) -> None:
    files.many()
    system.aws.hold(action, nth, moment)
    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(system.invoke)
        eventually(system.aws.is_holding, f"the run has come to {action} {nth}")
        system.kill_handlers()
        system.aws.release()
        assert run.result().payload["errorType"] == "Runtime.ExitError"
    assert not system.invoke().failed
    system.assert_healed("acd")

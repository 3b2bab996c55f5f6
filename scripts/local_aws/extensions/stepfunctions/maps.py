"""Distributed maps: in moto a failed child counts as done, and each child is a level of recursion.

It also starts as many threads as there are items, and asks no role whether it may start children.

https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from threading import Thread
from typing import Any

from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import (
    StatesErrorNameType,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration import (
    distributed_iteration_component,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.job import Job
from moto.stepfunctions.parser.asl.eval.program_state import ProgramError
from moto.stepfunctions.parser.quotas import is_within_size_quota

from scripts.local_aws.extensions.stepfunctions.item_readers import failure
from scripts.local_aws.iam.decisions import may, refusal_of
from scripts.local_aws.iam.sessions import Session
from scripts.local_aws.patching import replace

_AT_ONCE = 40
"""Children at once on this machine; AWS has 10,000."""

log = logging.getLogger(__name__)


@replace(distributed_iteration_component.DistributedIterationComponent)
def _map_run(self: Any, env: Any, eval_input: Any) -> None:
    """Run a child for every item, until one too many has failed."""
    _check_permissions(env)
    record = eval_input.map_run_record
    program = self._get_iteration_program()
    jobs = [Job(index, program, item) for index, item in enumerate(env.stack.pop())]
    tolerated = max(
        record.tolerated_failure_count,
        len(jobs) * record.tolerated_failure_percentage / 100,
    )
    worker = self._create_worker(env=env, eval_input=eval_input, job_pool=None)

    waiting = iter(jobs)

    def run() -> None:
        for job in waiting:
            if env.is_running() and _failed(record) <= tolerated:
                _run(env, worker, job, record)

    # Daemons: nobody who ends the local AWS waits for children.
    threads = [Thread(target=run, daemon=True) for _ in range(_at_once(record))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if _failed(record) > tolerated:
        _ask(env, "states:StopExecution", *_children(env))
        kind = StatesErrorNameType.StatesExceedToleratedFailureThreshold
        raise failure(env, kind, "The specified tolerated failure threshold was exceeded")
    env.stack.append(_outputs(env, jobs))


def _run(env: Any, worker: Any, job: Any, record: Any) -> None:
    frame = env.open_inner_frame()
    try:
        worker._eval_job(env=frame, job=job)
    except Exception:
        log.exception("child %d of %s crashed", job.job_index, record.map_run_arn)
        record.item_counter.failed.count()
    finally:
        env.delete_frame(frame)
    ended = frame.program_state()
    if isinstance(ended, ProgramError):
        log.warning("child %d of %s failed: %s", job.job_index, record.map_run_arn, ended.error)


def _at_once(record: Any) -> int:
    return min(int(record.max_concurrency) or _AT_ONCE, _AT_ONCE)


def _failed(record: Any) -> int:
    counted = record.item_counter
    return int(counted.failed.get() + counted.timed_out.get())


def _outputs(env: Any, jobs: Iterable[Any]) -> list[Any]:
    """What the children answered: without a ResultWriter it counts as the state's result."""
    outputs = [job.job_output for job in jobs]
    if not is_within_size_quota(outputs):
        kind = StatesErrorNameType.StatesStatesDataLimitExceeded
        raise failure(env, kind, "The results of all children together exceed 256 KiB")
    return outputs


def _check_permissions(env: Any) -> None:
    """Children are executions, which the role must be allowed to start and to look at.

    https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
    """
    wanted = {
        "states:StartExecution": (_machine(env),),
        "states:DescribeExecution": _children(env),
    }
    for action, resources in wanted.items():
        if refusal := _ask(env, action, *resources):
            raise failure(env, StatesErrorNameType.StatesPermissions, refusal)


def _ask(env: Any, action: str, *resources: str) -> str | None:
    """Why the role may not do something; each of the resources would be enough."""
    session = Session(env.aws_execution_details.role_arn, "states")
    allowed = [each for each in resources if refusal_of(session, action, each) is None]
    resource = (allowed or resources)[0]
    refusal = may(session, action, resource)
    return (
        refusal and f"{session.arn} is not authorized to perform: {action} on {resource} {refusal}"
    )


def _machine(env: Any) -> str:
    return str(env.states.context_object.context_object_data["StateMachine"]["Id"])


def _children(env: Any) -> tuple[str, str]:
    """A child as AWS names it, and as the page above does."""
    executions = _machine(env).replace(":stateMachine:", ":execution:")
    return f"{executions}/map:child", f"{executions}:child"

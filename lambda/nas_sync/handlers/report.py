"""The entry point of the Lambda function `BatchReporter`."""

from __future__ import annotations

import os
from collections.abc import Mapping

from aws_lambda_powertools.utilities.typing import LambdaContext

from batchworks import logs
from nas_sync import SERVICE, STATE_MACHINE, clients, settings
from nas_sync.calls import Call, call_of
from nas_sync.notify import reporting
from nas_sync.notify.mails import Mail
from nas_sync.notify.reporting import Places, Run
from nas_sync.store import Store

logger = logs.start(SERVICE)
_OUTCOMES = ("success", "failure")


@logger.inject_lambda_context(clear_state=True)
def run(event: object, _context: LambdaContext) -> Mail:
    """Compose what people are told about a run; sending it is the state machine's.

    Args:
        event: `{"outcome": "success | failure", "execution": ARN, "batch": "exec-…",
            "error": {"Error": …, "Cause": …}, "request": {…}}`; batch and error may be missing.

    Returns:
        subject and message, together less than 10 KiB.

    Raises:
        JobError: the call is malformed, or the report of a successful batch isn't there.
    """
    with logs.failing_aloud(logger):
        return _run(call_of(event))


def _run(call: Call) -> Mail:
    outcome = call.choice("outcome", _OUTCOMES)
    request = call.fields.get("request")
    told = Run(
        execution=call.text("execution"),
        batch=call.optional_text("batch"),
        request=request if isinstance(request, Mapping) else {},
    )
    logger.append_keys(batch=told.batch, execution=told.execution)
    places = _places()
    if outcome == "success":
        mail = reporting.of_success(places, told)
    else:
        mail = reporting.of_failure(places, told, call.fields.get("error"))
    logger.info("composed: %s", mail["subject"], extra={"outcome": "complete"})
    return mail


def _places() -> Places:
    given = settings.variables(os.environ)
    common = settings.common(given)
    logs.set_level(SERVICE, common.log_level)
    machine = given.required("STATE_MACHINE_ARN", "the state machine's, for commands in mails")
    return Places(
        store=Store(clients.s3(), common.raw_bucket),
        sfn=clients.stepfunctions(),
        datasync=clients.datasync(),
        state_machine=machine,
        suffix=_suffix(machine),
    )


def _suffix(machine: str) -> str:
    """Of all names: `-dev` in dev, none where they are exact."""
    return machine.rpartition(":")[2].removeprefix(STATE_MACHINE)

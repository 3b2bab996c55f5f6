"""One invocation from its ARN to its log: a slot, a process, an answer, a log, the metrics."""

from __future__ import annotations

from dataclasses import dataclass

from moto.awslambda.models import LambdaFunction, lambda_backends

from scripts.local_aws import metrics
from scripts.local_aws.account import ACCOUNT
from scripts.local_aws.functions import logs
from scripts.local_aws.functions.concurrency import Slots, ThrottledError
from scripts.local_aws.functions.function import Function, describe
from scripts.local_aws.functions.outcome import Reply
from scripts.local_aws.functions.pool import Pool
from scripts.local_aws.functions.sandbox import Host, Sandbox
from scripts.local_aws.iam import sessions
from scripts.local_aws.iam.decisions import may

_TRACING = ("xray:PutTraceSegments", "xray:PutTelemetryRecords")


@dataclass(frozen=True)
class Invocation:
    """A finished invocation.

    Attributes:
        log: What it wrote into its log stream.
    """

    function: Function
    reply: Reply
    log: str


class Executor:
    """Executes functions on this machine."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._slots = Slots()
        self.pool = Pool(self._start)

    def execute(self, arn: str, request_id: str, payload: bytes) -> Invocation:
        """Execute a function once.

        Args:
            arn: Of the function, or of a version or alias of it.
            payload: JSON.

        Raises:
            ThrottledError: Its reserved concurrency is used up.
            UnknownFunctionException: moto's error; there is no such function.
        """
        record = find(arn)
        function = describe(record)
        try:
            with self._slots.slot(function.name, _reserved(record)):
                invocation = self._execute(function, arn, request_id, payload)
        except ThrottledError:
            metrics.of_function(arn, {"Throttles": 1})
            raise
        return invocation

    def _execute(self, function: Function, arn: str, request_id: str, payload: bytes) -> Invocation:
        with self.pool.sandbox(function) as sandbox:
            outcome = sandbox.invoke(request_id, payload, arn)
            log = logs.text(function, request_id, outcome)
            logs.write(function, sandbox.log_stream, log)
        if function.traced:
            for action in _TRACING:  # without them AWS just has no traces
                may(function.session, action, "*")
        failed = outcome.reply.error is not None
        metrics.of_function(
            arn,
            {
                "Invocations": 1,
                "Errors": int(failed),
                "Throttles": 0,
                "Duration": outcome.duration,
            },
        )
        return Invocation(function, outcome.reply, log)

    def _start(self, function: Function) -> Sandbox:
        keys = sessions.begin(function.session, function.unqualified_arn)
        return Sandbox(function, self._host, keys)


def find(arn: str) -> LambdaFunction:
    """moto's record of the version that an ARN means.

    Raises:
        UnknownFunctionException: moto's error; there is none.
    """
    region = arn.split(":")[3]
    functions = lambda_backends[ACCOUNT][region]._lambdas
    return functions.get_function_by_name_or_arn_with_qualifier(arn)


def _reserved(record: LambdaFunction) -> int | None:
    """Reserved concurrency belongs to the function, whatever version is invoked."""
    name = record.function_name
    latest = find(f"arn:aws:lambda:{record.region}:{ACCOUNT}:function:{name}")
    reserved = latest.reserved_concurrency
    return None if reserved is None else int(reserved)

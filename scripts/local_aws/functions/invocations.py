"""One invocation from its ARN to its log: a slot, a process, an answer, a log, the metrics."""

from __future__ import annotations

from dataclasses import dataclass

from moto.awslambda.models import LambdaFunction, lambda_backends

from scripts.local_aws import metrics
from scripts.local_aws.account import ACCOUNT
from scripts.local_aws.functions.concurrency import Slots, ThrottledError
from scripts.local_aws.functions.file_systems import MountError, mount_of
from scripts.local_aws.functions.function import Function, describe
from scripts.local_aws.functions.logs import Log
from scripts.local_aws.functions.namespace import NamespaceError
from scripts.local_aws.functions.outcome import Reply, not_mounted
from scripts.local_aws.functions.pool import Pool
from scripts.local_aws.functions.runtime_api import Event
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

    def execute(self, event: Event) -> Invocation:
        """Execute a function once.

        Raises:
            ThrottledError: Its reserved concurrency is used up.
            UnknownFunctionException: moto's error; there is no such function.
        """
        function = describe(find(event.arn))
        try:
            with self._slots.slot(function.name, _reserved(function)):
                return self._execute(function, event)
        except ThrottledError:
            metrics.of_function(event.arn, {"Throttles": 1})
            raise
        except MountError as refused:
            metrics.of_function(event.arn, {"Invocations": 1, "Errors": 1})
            return Invocation(function, not_mounted(refused.kind, str(refused)), "")

    def _execute(self, function: Function, event: Event) -> Invocation:
        with self.pool.sandbox(function) as sandbox:
            log = Log(function, sandbox.log_stream, event.request_id)
            outcome = sandbox.invoke(event, say=log.add)
            log.end(outcome)
        if function.traced:
            for action in _TRACING:  # without them AWS just has no traces
                may(function.session, action, "*")
        numbers = {
            "Invocations": 1,
            "Errors": int(outcome.reply.error is not None),
            "Throttles": 0,
            "Duration": outcome.duration,
        }
        metrics.of_function(event.arn, numbers)
        return Invocation(function, outcome.reply, log.text)

    def _start(self, function: Function) -> Sandbox:
        keys = sessions.begin(function.session, function.unqualified_arn)
        try:
            return Sandbox(function, self._host, keys, mount_of(function))
        except NamespaceError as lacking:
            raise MountError("LocalAws.NoMountNamespace", str(lacking)) from None


def find(arn: str) -> LambdaFunction:
    """moto's record of the version that an ARN means.

    Raises:
        UnknownFunctionException: moto's error; there is none.
    """
    region = arn.split(":")[3]
    functions = lambda_backends[ACCOUNT][region]._lambdas
    return functions.get_function_by_name_or_arn_with_qualifier(arn)


def _reserved(function: Function) -> int | None:
    """Reserved concurrency belongs to the function, whatever version is invoked."""
    reserved = find(function.unqualified_arn).reserved_concurrency
    return None if reserved is None else int(reserved)

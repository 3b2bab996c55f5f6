"""Functions that are invoked and waited for."""

from __future__ import annotations

import base64
import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from tests.unit.local_aws.workshop import Workshop, zipped


def test_the_handler_gets_the_event_and_its_answer_comes_back(workshop: Workshop) -> None:
    echo = workshop.function("def run(event, context): return {'got': event}")

    answer = echo.invoke({"city": "東京"})

    assert (answer.status, answer.error) == (200, None)
    assert answer.payload == {"got": {"city": "東京"}}


def test_the_context_names_function_version_and_deadline(workshop: Workshop) -> None:
    function = workshop.function(
        """
def run(event, context):
    left = context.get_remaining_time_in_millis()
    return [context.invoked_function_arn, context.function_version, context.log_group_name, left]
"""
    )

    called, version, log_group, left = function.invoke().payload

    assert called == function.arn
    assert version == "$LATEST"
    assert log_group == f"/aws/lambda/{function.name}"
    assert 0 < left <= 10_000


def test_an_exception_comes_back_in_lambdas_form(workshop: Workshop) -> None:
    function = workshop.function("def run(event, context): raise ValueError('東京 is closed')")

    answer = function.invoke()

    assert answer.error == "Unhandled"
    assert answer.payload["errorType"] == "ValueError"
    assert answer.payload["errorMessage"] == "東京 is closed"
    assert "in run" in "".join(answer.payload["stackTrace"])


def test_the_log_tail_comes_back_when_asked_for(workshop: Workshop) -> None:
    function = workshop.function("def run(event, context): print('hello from inside')")

    asked = function.invoke(LogType="Tail").headers["x-amz-log-result"]
    tail = base64.b64decode(asked).decode()

    assert tail.startswith("START RequestId: ")
    assert "\nhello from inside\n" in tail
    assert "x-amz-log-result" not in function.invoke().headers


def test_everything_printed_is_in_the_log_group_one_event_a_line(workshop: Workshop) -> None:
    function = workshop.function(
        """
import logging, sys
def run(event, context):
    print("one"); print("two", file=sys.stderr)
    logging.error("three")
    raise ValueError("four")
"""
    )
    function.invoke()

    start, one, two, three, four, end, report = function.logged("")
    assert start.startswith("START RequestId: ")
    assert (one, two) == ("one", "two")
    assert three.startswith("[ERROR]\t")
    assert four.startswith("[ERROR] ValueError: four\nTraceback")  # a traceback stays together
    assert end.startswith("END RequestId: ")
    assert re.search(r"\tDuration: [\d.]+ ms\t.*\tMemory Size: 128 MB\t.*Init Duration: ", report)


def test_the_log_can_be_followed_while_the_function_runs(workshop: Workshop) -> None:
    function = workshop.function(
        "import time\ndef run(event, context): print('working'); time.sleep(2.5); print('done')"
    )

    function.invoke(InvocationType="Event")

    assert function.logged("working")
    assert not any("END RequestId" in line for line in function.log())
    assert function.logged("END RequestId")


def test_a_long_output_is_not_waited_for(workshop: Workshop) -> None:
    function = workshop.function("def run(event, context): print('x' * 1_000_000)")

    assert function.invoke().error is None
    assert len(max(function.log(), key=len)) == 1_000_000


def test_a_warm_process_is_used_again(workshop: Workshop) -> None:
    function = workshop.function(
        "import os\ncount = 0\ndef run(event, context):\n"
        " global count; count += 1; return [os.getpid(), count]"
    )

    (first, _), (second, count) = function.invoke().payload, function.invoke().payload

    assert first == second
    assert count == 2


def test_a_handler_that_failed_keeps_its_process(workshop: Workshop) -> None:
    function = workshop.function(
        "import os\ndef run(event, context):\n if event: raise ValueError(os.getpid())\n"
        " return os.getpid()"
    )

    failed = function.invoke({"fail": True}).payload["errorMessage"]

    assert function.invoke().payload == int(failed)


def test_events_at_the_same_time_have_a_process_each(workshop: Workshop) -> None:
    function = workshop.function(
        "import os, time\ndef run(event, context): time.sleep(0.5); return os.getpid()"
    )

    with ThreadPoolExecutor() as pool:
        processes = list(pool.map(lambda _: function.invoke().payload, range(3)))

    assert len(set(processes)) == 3


def test_new_code_and_new_settings_take_effect_at_once(workshop: Workshop) -> None:
    function = workshop.function("import os\ndef run(event, context): return ['old', os.getpid()]")
    function.invoke()
    client = workshop.aws.client("lambda")

    new = "import os\ndef run(event, context): return ['new', os.environ.get('MOOD')]"
    client.update_function_code(FunctionName=function.name, ZipFile=zipped(app=new))
    assert function.invoke().payload == ["new", None]

    client.update_function_configuration(
        FunctionName=function.name, Environment={"Variables": {"MOOD": "calm"}}
    )
    assert function.invoke().payload == ["new", "calm"]


def test_nothing_of_the_host_is_in_the_environment(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_THE_HOST", "x")
    function = workshop.function(
        "import os\ndef run(event, context): return dict(os.environ)",
        Environment={"Variables": {"OWN": "1"}},
    )

    seen = function.invoke().payload

    assert set(seen) - {"LC_CTYPE"} == {  # LC_CTYPE is Python's, where a host lacks en_US.UTF-8
        "_HANDLER",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_ENDPOINT_URL",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "HOME",
        "LAMBDA_TASK_ROOT",
        "LANG",
        "OWN",
        "PATH",
        "PYTHONPATH",
        "PYTHONPYCACHEPREFIX",
        "TMPDIR",
        "TZ",
    }
    assert seen["AWS_ENDPOINT_URL"] == workshop.aws.endpoint
    assert seen["HOME"] == seen["TMPDIR"] != os.environ.get("HOME")


def test_only_what_lambda_provides_can_be_imported(workshop: Workshop) -> None:
    function = workshop.function("import boto3, pandas\ndef run(event, context): return 1")

    answer = function.invoke()

    assert answer.payload["errorType"] == "Runtime.ImportModuleError"
    assert "No module named 'pandas'" in answer.payload["errorMessage"]


def test_layers_lie_over_each_other_and_their_files_are_read_only(workshop: Workshop) -> None:
    client = workshop.aws.client("lambda")
    layers = [
        client.publish_layer_version(LayerName=f"layer{n}", Content={"ZipFile": zipped(**files)})
        for n, files in enumerate(
            [
                {"python__one": "name = 'one'", "python__both": "name = 'lower'"},
                {"python__both": "name = 'upper'"},
            ]
        )
    ]
    function = workshop.function(
        """
import os, one, both
def run(event, context):
    return [one.name, both.name, oct(os.stat(both.__file__).st_mode)[-3:]]
""",
        Layers=[layer["LayerVersionArn"] for layer in layers],
    )

    assert function.invoke().payload == ["one", "upper", "444"]


def test_a_function_keeps_a_layer_that_was_deleted(workshop: Workshop) -> None:
    client = workshop.aws.client("lambda")
    layer = client.publish_layer_version(
        LayerName="passing", Content={"ZipFile": zipped(python__lasting="name = 'still here'")}
    )
    function = workshop.function(
        "import lasting\ndef run(event, context): return lasting.name",
        Layers=[layer["LayerVersionArn"]],
    )

    client.delete_layer_version(LayerName="passing", VersionNumber=layer["Version"])

    assert function.invoke().payload == "still here"


def test_scratch_space_is_writable_and_goes_with_the_process(workshop: Workshop) -> None:
    function = workshop.function(
        """
import os, tempfile
def run(event, context):
    with open(os.path.join(tempfile.gettempdir(), "x"), "w") as file: file.write("1")
    return file.name
"""
    )
    written = Path(function.invoke().payload)
    assert written.read_text() == "1"

    workshop.aws.client("lambda").delete_function(FunctionName=function.name)

    assert not written.parent.exists()


def test_an_alias_runs_its_version_and_the_context_says_so(workshop: Workshop) -> None:
    source = "def run(event, context): return ['v1', context.invoked_function_arn]"
    function = workshop.function(source)
    client = workshop.aws.client("lambda")
    version = client.publish_version(FunctionName=function.name)["Version"]
    client.create_alias(FunctionName=function.name, Name="live", FunctionVersion=version)
    client.update_function_code(
        FunctionName=function.name, ZipFile=zipped(app=source.replace("v1", "v2"))
    )

    by_alias = function.invoke(Qualifier="live")

    assert by_alias.payload == ["v1", f"{function.arn}:live"]
    assert by_alias.headers["x-amz-executed-version"] == version
    assert function.invoke(Qualifier=version).payload == ["v1", f"{function.arn}:{version}"]
    assert function.invoke().payload[0] == "v2"


def test_a_dry_run_runs_nothing(workshop: Workshop) -> None:
    function = workshop.function("def run(event, context): print('ran')")

    assert function.invoke(InvocationType="DryRun").status == 204
    assert function.log() == []


@pytest.mark.parametrize("kind", ["RequestResponse", "Event", "DryRun"])
def test_an_unknown_function_or_alias_is_refused(workshop: Workshop, kind: str) -> None:
    known = workshop.function().name
    client = workshop.aws.client("lambda")

    for target in ({"FunctionName": "nobody"}, {"FunctionName": known, "Qualifier": "nobody"}):
        with pytest.raises(client.exceptions.ResourceNotFoundException):
            client.invoke(InvocationType=kind, **target)


def test_a_payload_that_is_not_json_is_refused(workshop: Workshop) -> None:
    name = workshop.function().name

    with pytest.raises(ClientError, match="InvalidRequestContentException"):
        workshop.aws.client("lambda").invoke(FunctionName=name, Payload=b"{not json")


def test_reserved_concurrency_limits_and_zero_stops(workshop: Workshop) -> None:
    function = workshop.function("import time\ndef run(event, context): time.sleep(0.5)")
    client = workshop.aws.client("lambda")

    def reserve(executions: int) -> None:
        client.put_function_concurrency(
            FunctionName=function.name, ReservedConcurrentExecutions=executions
        )

    def status(_: int) -> int:
        try:
            return function.invoke().status
        except client.exceptions.TooManyRequestsException as throttled:
            return int(throttled.response["ResponseMetadata"]["HTTPStatusCode"])

    reserve(0)
    assert status(0) == 429
    assert client.get_function(FunctionName=function.name)["Concurrency"] == {
        "ReservedConcurrentExecutions": 0
    }
    reserve(1)
    with ThreadPoolExecutor() as pool:
        assert status(0) == 200
        assert 200 in set(pool.map(status, range(2)))
    assert (function.metric("Throttles") or 0) >= 1


def test_metrics_count_by_function_and_by_alias(workshop: Workshop) -> None:
    function = workshop.function("def run(event, context): assert not event")
    client = workshop.aws.client("lambda")
    client.create_alias(FunctionName=function.name, Name="live", FunctionVersion="$LATEST")

    function.invoke()
    function.invoke({"fail": 1}, Qualifier="live")

    assert function.metric("Invocations") == 2
    assert function.metric("Errors") == 1
    assert function.metric("Invocations", Resource=f"{function.name}:live") == 1
    assert (function.metric("Duration", "Maximum") or 0) > 0


def test_log_of_json_is_left_alone(workshop: Workshop) -> None:
    function = workshop.function(
        "import json\ndef run(event, context): print(json.dumps({'level': 'INFO', 'n': 1}))"
    )
    function.invoke()

    [line] = function.logged('"level"')
    assert json.loads(line) == {"level": "INFO", "n": 1}

"""Processes that end, hang or never begin: reported in Lambda's words, and the server lives on."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.unit.local_aws.workshop import Workshop, eventually, zipped


def test_a_time_out_is_reported_and_logged(workshop: Workshop) -> None:
    function = workshop.function(
        "import time\ndef run(event, context): print('begun'); time.sleep(60)", Timeout=1
    )

    answer = function.invoke()

    assert answer.error == "Unhandled"
    assert answer.payload["errorType"] == "Sandbox.Timedout"
    assert answer.payload["errorMessage"].endswith("Error: Task timed out after 1.00 seconds")
    assert "begun" in function.log()
    assert function.logged("Task timed out after 1.00 seconds")
    assert function.logged("Status: timeout")
    assert function.metric("Errors") == 1


def test_a_time_out_kills_everything_the_handler_started(
    workshop: Workshop, tmp_path: Path
) -> None:
    pid = tmp_path / "pid"
    function = workshop.function(
        f"""
import subprocess, time
def run(event, context):
    child = subprocess.Popen(["sleep", "300"])
    open({str(pid)!r}, "w").write(str(child.pid))
    time.sleep(60)
""",
        Timeout=1,
    )

    function.invoke()

    assert eventually(lambda: _is_gone(int(pid.read_text())))


def test_the_next_event_after_a_time_out_gets_a_new_process(workshop: Workshop) -> None:
    function = workshop.function(
        "import os, time\ndef run(event, context):\n time.sleep(event)\n return os.getpid()",
        Timeout=1,
    )
    before = function.invoke(0).payload
    assert function.invoke(30).payload["errorType"] == "Sandbox.Timedout"

    assert function.invoke(0).payload != before


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("os._exit(3)", "Runtime exited with error: exit status 3"),
        ("os._exit(0)", "Runtime exited without providing a reason"),
        ("os.kill(os.getpid(), 9)", "Runtime exited with error: signal: killed"),
    ],
)
def test_an_exit_is_reported_and_logged(workshop: Workshop, how: str, reason: str) -> None:
    function = workshop.function(f"import os\ndef run(event, context): print('begun'); {how}")

    answer = function.invoke()

    assert answer.error == "Unhandled"
    assert answer.payload["errorType"] == "Runtime.ExitError"
    assert answer.payload["errorMessage"].endswith(f"Error: {reason}")
    assert "begun" in function.log()
    assert function.logged(reason)


@pytest.mark.parametrize(
    ("code", "handler", "kind"),
    [
        ("raise ValueError('no settings')", "app.run", "ValueError"),
        ("import missing", "app.run", "Runtime.ImportModuleError"),
        ("def run(:", "app.run", "Runtime.UserCodeSyntaxError"),
        ("", "app.run", "Runtime.HandlerNotFound"),
        ("", "app", "Runtime.MalformedHandlerName"),
        ("import os; os._exit(7)", "app.run", "Runtime.ExitError"),
    ],
)
def test_a_failure_before_the_first_event_is_reported(
    workshop: Workshop, code: str, handler: str, kind: str
) -> None:
    function = workshop.function(code, Handler=handler)

    answer = function.invoke()

    assert answer.error == "Unhandled"
    assert answer.payload["errorType"] == kind
    assert function.logged("END RequestId")


def test_a_function_whose_start_failed_starts_anew(workshop: Workshop, tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    function = workshop.function(
        f"import os\nassert os.path.exists({str(flag)!r})\ndef run(event, context): return 'up'"
    )
    assert function.invoke().payload["errorType"] == "AssertionError"
    flag.touch()

    assert function.invoke().payload == "up"


def test_killing_an_idle_process_harms_nobody(workshop: Workshop) -> None:
    function = workshop.function("import os\ndef run(event, context): return os.getpid()")
    first = function.invoke().payload
    os.kill(first, signal.SIGKILL)
    eventually(lambda: _is_gone(first))

    assert function.invoke().payload != first


def test_code_that_is_no_zip_is_an_error_and_the_server_lives_on(workshop: Workshop) -> None:
    broken = workshop.function(Code={"ZipFile": b"not a zip"})
    client = workshop.aws.client("lambda")

    with pytest.raises(client.exceptions.ClientError, match="File is not a zip file"):
        broken.invoke()

    client.update_function_code(
        FunctionName=broken.name, ZipFile=zipped(app="def run(event, context): return 'mended'")
    )
    assert broken.invoke().payload == "mended"


def _is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return " Z " in Path(f"/proc/{pid}/stat").read_text()  # dead, if not buried
    except (ProcessLookupError, FileNotFoundError):
        return True

"""The process: how it starts, is found, is used by hand, and ends."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from scripts.background import NotStartedError
from scripts.local_aws import LocalAws, start
from scripts.local_aws.__main__ import app
from tests.unit.local_aws.workshop import LOGS, Workshop, allow, eventually

ROOT = Path(__file__).parents[3]
SERVE = [sys.executable, "-m", "scripts.local_aws", "serve"]


def command(*arguments: str) -> Result:
    """What `python -m scripts.local_aws` does with arguments."""
    return CliRunner().invoke(app, arguments)


def refusal(*arguments: str | Path) -> str:
    """What `serve`, in a process of its own, says when it refuses to."""
    serving = subprocess.run(
        [*SERVE, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=30, check=False
    )
    assert serving.returncode == 1
    return serving.stderr


def is_alive(pid: int) -> bool:
    """Whether a process runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def spoken_to(aws: LocalAws) -> socket.socket:
    """A connection, over which a test says what it likes."""
    host, port = aws.endpoint.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=10)


def test_an_answer_comes_in_one_piece(aws: LocalAws) -> None:
    with spoken_to(aws) as connection:
        connection.sendall(b"GET /_local/health HTTP/1.1\r\nHost: here\r\n\r\n")
        head, _, body = connection.recv(4096).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert json.loads(body)["pid"] == aws.pid


def test_who_asks_whether_to_go_on_is_answered_before_the_body_is_there(aws: LocalAws) -> None:
    with spoken_to(aws) as connection:
        connection.sendall(
            b"POST /_local/age-backups HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\n"
            b"Content-Type: application/json\r\nContent-Length: 14\r\n\r\n"
        )
        assert connection.recv(4096).startswith(b"HTTP/1.1 100 Continue")
        connection.sendall(b'{"seconds": 0}')
        assert b"HTTP/1.1 200 OK" in connection.recv(4096)


def test_it_announces_itself_and_ends_without_a_trace(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    with start(home) as aws:
        said = json.loads((home / "aws.json").read_text())
        assert said == {"endpoint": aws.endpoint, "pid": aws.pid}
        assert aws.answers()
        function = Workshop(aws).function("import os\ndef run(event, context): return os.getpid()")
        process = function.invoke().payload

    assert not (home / "aws.json").exists()
    assert not is_alive(aws.pid)
    assert not is_alive(process)


def test_it_ends_while_a_function_runs(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    with start(tmp_path) as aws:
        function = Workshop(aws).function(
            f"import os, time\ndef run(event, context):\n"
            f" open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(300)",
            Timeout=600,
        )
        function.invoke({}, InvocationType="Event")
        eventually(lambda: pid.exists() and pid.read_text())

    assert not is_alive(int(pid.read_text()))


def test_a_home_has_one_server_and_a_killed_one_does_not_block_it(tmp_path: Path) -> None:
    with start(tmp_path) as first:
        said = refusal("--home", tmp_path)
        assert f"process id {first.pid}: stop it or take another --home" in said
        os.kill(first.pid, signal.SIGKILL)
        eventually(lambda: not first.answers())
        assert (tmp_path / "aws.json").exists()

        with start(tmp_path) as second:
            assert second.pid != first.pid


def test_it_starts_again_on_the_same_port_with_nothing_in_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    for _ in range(2):
        server = subprocess.Popen([*SERVE, "--home", tmp_path, "--port", port], cwd=ROOT)
        eventually((tmp_path / "aws.json").exists)
        aws = LocalAws.running_in(tmp_path)
        assert aws.endpoint == f"http://127.0.0.1:{port}"
        assert aws.client("sqs").list_queues().get("QueueUrls") is None
        aws.client("sqs").create_queue(QueueName="once")
        server.send_signal(signal.SIGTERM)
        assert server.wait(10) == 0


def test_a_taken_port_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])

        assert "Address already in use" in refusal("--home", tmp_path, "--port", port)


def test_an_end_at_once_is_an_error_with_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "moto").mkdir()
    (tmp_path / "moto" / "__init__.py").write_text("raise RuntimeError('broken moto')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    with pytest.raises(NotStartedError, match="broken moto"), start(tmp_path / "home"):
        pass


@pytest.mark.parametrize("delays", ["5", "1,2,3", "soon,later"])
def test_malformed_delays_are_refused(tmp_path: Path, delays: str) -> None:
    answer = command("serve", "--home", str(tmp_path), "--retry-delays", delays)

    assert answer.exit_code == 2
    assert "not two numbers like 60,120" in re.sub(r"[│\s]+", " ", answer.stderr)


def test_without_an_interpreter_a_function_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOCAL_LAMBDA_PYTHON", "/nowhere/python")
    with start(tmp_path) as aws:
        function = Workshop(aws).function()
        with pytest.raises(
            aws.client("lambda").exceptions.ClientError, match="run `make setup`, or set LOCAL_LAM"
        ):
            function.invoke()


def test_commands_need_a_running_server(tmp_path: Path) -> None:
    for arguments in (["iam"], ["fire-schedule", "daily"], ["write-inventory", "bucket"]):
        answer = command(*arguments, "--home", str(tmp_path))

        assert answer.exit_code == 1
        assert f"no local AWS runs in {tmp_path}" in answer.stderr


def test_fire_schedule_by_hand(workshop: Workshop) -> None:
    answer = command("fire-schedule", "nobody", "--home", str(workshop.aws.home))

    assert answer.exit_code == 1
    assert "there is no rule nobody" in answer.stderr


def test_iam_by_hand_shows_what_was_used_what_never_and_what_denied(workshop: Workshop) -> None:
    used, unused = workshop.queue(), workshop.queue()
    role = workshop.role(
        LOGS,
        {**allow("sqs:SendMessage", used.arn), "Sid": "Send"},
        {**allow(["sqs:SendMessage", "sqs:Get*"], unused.arn), "Sid": "Never"},
    )
    function = workshop.function(
        "import boto3\ndef run(event, context):\n"
        " boto3.client('sqs').send_message(QueueUrl=event, MessageBody='x')",
        role=role,
    )
    function.invoke(used.url)
    function.invoke(workshop.queue().url)

    shown = command("iam", "--home", str(workshop.aws.home)).stdout

    block = shown.split(f"{role}\n")[1]
    assert re.search(r"^ +1  Send  sqs:SendMessage$", block, re.MULTILINE)
    assert re.search(r"^ never  Never  sqs:SendMessage$", block, re.MULTILINE)
    assert re.search(r"^ never  Never  sqs:Get\*$", block, re.MULTILINE)
    assert re.search(rf"^denied 1 x {role}: sqs:SendMessage arn:aws:sqs:", shown, re.MULTILINE)


def test_the_trace_names_caller_and_action_but_tells_no_secrets(workshop: Workshop) -> None:
    secrets = workshop.aws.client("secretsmanager")
    secrets.create_secret(Name="traced", SecretString="do-not-tell")
    role = workshop.role(LOGS, allow("secretsmanager:GetSecretValue", "*"))
    function = workshop.function(
        "import boto3\ndef run(event, context):\n"
        " boto3.client('secretsmanager').get_secret_value(SecretId='traced')",
        role=role,
    )
    function.invoke()

    trace = (workshop.aws.home / "aws.log").read_text()

    assert re.search(
        r"^\d\d:\d\d:\d\d\.\d{3} 201 lambda\.CreateFunction - \d+ ms$", trace, re.MULTILINE
    )
    line = rf"^\S+ 200 secretsmanager\.GetSecretValue {role} \d+ ms$"
    assert re.search(line, trace, re.MULTILINE)
    assert "do-not-tell" not in trace

"""A file may kill, hang or bloat the process that reads it; the next one is read all the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from nas_sync.extraction.answers import Answer
from nas_sync.extraction.worker import Worker, WorkerError
from tests.unit.nas_sync.extraction import stub

MEMORY = 512  # MiB
Read = Callable[..., Answer]


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker(stub.MODULE, {}, MEMORY)
    yield made
    made.close()


@pytest.fixture
def read(worker: Worker, tmp_path: Path) -> Read:
    def read(order: str, seconds: float = 20) -> Answer:
        path = tmp_path / "0"
        path.write_text(order)
        return worker.read(path, "見積書.txt", seconds)

    return read


def test_answers_what_the_extractor_says(read: Read) -> None:
    assert read("say") == {"status": "indexed", "text": "見積書.txt"}
    long = "あ𠮷\n\x7f" * 50_000
    assert read(f"say {long}")["text"] == long


def test_reads_file_after_file_in_one_process(read: Read) -> None:
    assert read("tell pid") == read("tell pid")


def test_tells_why_a_file_can_not_be_read(read: Read) -> None:
    expected = {"status": "skipped", "reason": "encrypted", "detail": "a password"}
    assert read("refuse a\n password") == expected
    assert read("say on")["text"] == "on"


def test_keeps_details_short(read: Read) -> None:
    assert len(read(f"refuse {'x' * 500}")["detail"]) == 200


def test_counts_an_extractor_s_error_as_the_file_s_failure(read: Read) -> None:
    before = read("tell pid")
    answer = read("fail thing")
    assert (answer["status"], answer["reason"]) == ("failed", "crashed")
    assert answer["detail"] == "KeyError: 'thing'"
    assert read("tell pid") == before


def test_what_libraries_print_is_no_answer(read: Read) -> None:
    assert read('print {"status": "indexed"}')["text"] == '{"status": "indexed"}'


def test_kills_a_process_that_takes_too_long(read: Read) -> None:
    pid = int(read("tell pid")["text"])
    answer = read("sleep 60", 0.3)
    assert (answer["status"], answer["reason"]) == ("failed", "timeout")
    assert not psutil.pid_exists(pid)
    assert read("say on")["text"] == "on"


@pytest.mark.parametrize(
    "order",
    [
        f"allocate {2 * MEMORY}",  # MemoryError
        "abort memory allocation of 12345 bytes failed",  # as Rust says
        "abort terminate called after throwing an instance of 'std::bad_alloc'",
        "kill SIGKILL",  # as the kernel does
    ],
)
def test_tells_when_memory_was_exhausted(read: Read, order: str) -> None:
    answer = read(order)
    assert (answer["status"], answer["reason"]) == ("failed", "out_of_memory")
    assert f"{MEMORY} MiB" in answer["detail"]
    assert read("say on")["text"] == "on"


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ("crash", "SIGSEGV"),
        ("exit 7", "exit code 7"),
        ("exit 0", "exit code 0"),
        ("abort assertion failed: x > 0", "SIGABRT: assertion failed: x > 0"),
    ],
)
def test_tells_how_a_process_died(read: Read, order: str, told: str) -> None:
    answer = read(order)
    assert (answer["status"], answer["reason"]) == ("failed", "crashed")
    assert answer["detail"] == told
    assert read("say on")["text"] == "on"


def test_a_process_that_died_between_files_harms_none(read: Read) -> None:
    process = psutil.Process(int(read("tell pid")["text"]))
    process.kill()
    psutil.wait_procs([process], 5)
    assert read("say on")["text"] == "on"


def test_gives_the_process_no_credentials(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API"):
        monkeypatch.setenv(name, "x")
    assert "AWS_" not in read("tell variables")["text"]


def test_leaves_no_process_and_no_folder_behind(
    worker: Worker, read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    pid = int(read("tell pid")["text"])
    worker.close()
    assert not psutil.pid_exists(pid)
    assert [path.name for path in tmp_path.iterdir()] == ["0"]


def test_says_why_the_process_can_not_start() -> None:
    with pytest.raises(WorkerError, match=r"can't start .*RuntimeError: no model.*check the func"):
        Worker(stub.MODULE, {"fail": "no model"}, MEMORY).start()
    with pytest.raises(WorkerError, match="No module named 'nobody'"):
        Worker("nobody", {}, MEMORY).start()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a busy worker ends after its file")
def test_dies_with_the_function_even_in_the_middle_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "pid").write_text("tell pid")
    (tmp_path / "long").write_text("sleep 60")
    program = f"""
from pathlib import Path
from nas_sync.extraction.worker import Worker
worker = Worker({stub.MODULE!r}, {{}}, {MEMORY})
home = Path({str(tmp_path)!r})
print(worker.read(home / "pid", "a", 20)["text"], flush=True)
worker.read(home / "long", "a", 60)
"""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    parent = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, env=environment
    )
    assert parent.stdout
    child = psutil.Process(int(parent.stdout.readline()))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 20
    while _runs(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _runs(child)


def _runs(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False

"""The process in which files are read: `python -m nas_sync.extraction.child MODULE MEMORY_MB`.

It reads JSON lines from standard input and answers each with one on standard output: the first
holds the options of the extractor, the others a file's path and name. It ends with its input, and
dies with its parent. MODULE has a function `start(options) -> Extract`.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import resource
import signal
import sys
import traceback
from pathlib import Path
from typing import IO, Any

from nas_sync.extraction.answers import Answer, Extract, Unreadable, refusal

OUT_OF_MEMORY = 3
"""Exit code."""

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_MIB = 1024 * 1024


def main(module: str, memory_mb: str, parent: str) -> None:
    """Answer requests until there are no more.

    Args:
        module: the extractor's.
        memory_mb: MiB of address space that this process may take.
        parent: the id of the process that started this one.
    """
    answers = _take_stdout()
    if sys.platform == "linux":
        _die_with_parent(int(parent))
        resource.setrlimit(resource.RLIMIT_AS, (int(memory_mb) * _MIB,) * 2)
    try:
        _serve(module, answers)
    except MemoryError:
        traceback.print_exc()
        os._exit(OUT_OF_MEMORY)  # nothing that needs memory to end


def _serve(module: str, answers: IO[bytes]) -> None:
    options = json.loads(sys.stdin.buffer.readline())
    extract = importlib.import_module(module).start(options)
    _send(answers, {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss})
    for line in sys.stdin.buffer:
        request = json.loads(line)
        _send(answers, _answer(extract, Path(request["path"]), request["name"]))


def _answer(extract: Extract, path: Path, name: str) -> Answer:
    try:
        return extract(path, name)
    except Unreadable as error:
        return refusal(error.reason, error.detail)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a file does to its reader
        return refusal("crashed", f"{type(error).__name__}: {error}")


def _send(answers: IO[bytes], value: Any) -> None:
    answers.write(json.dumps(value).encode() + b"\n")
    answers.flush()


def _take_stdout() -> IO[bytes]:
    """Standard output for answers alone: what libraries print goes to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _die_with_parent(parent: int) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it was gone before
        os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])

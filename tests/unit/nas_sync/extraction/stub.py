"""An extractor that does what the file says, whatever harm comes of it."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from nas_sync.extraction.answers import Answer, Extract, Unreadable

MODULE = __name__


def start(options: Mapping[str, Any]) -> Extract:
    if "fail" in options:
        raise RuntimeError(options["fail"])

    def extract(path: Path, name: str) -> Answer:
        order, _, argument = path.read_text().partition(" ")
        said = _ORDERS[order](argument or name)
        return {"status": "indexed", "text": said}

    return extract


def _refuse(argument: str) -> str:
    raise Unreadable("encrypted", argument)


def _fail(argument: str) -> str:
    raise KeyError(argument)


def _print(argument: str) -> str:
    print(argument)
    sys.stdout.flush()
    os.system("echo noise of a program")  # noqa: S605
    return argument


def _sleep(argument: str) -> str:
    time.sleep(float(argument))
    return "slept"


def _allocate(argument: str) -> str:
    held = bytearray(int(argument) << 20)
    return f"{len(held)}"


def _abort(argument: str) -> str:
    print(argument, file=sys.stderr, flush=True)
    os.abort()


def _kill(argument: str) -> str:
    os.kill(os.getpid(), getattr(signal, argument))
    return ""


def _crash(_: str) -> str:
    ctypes.string_at(0)
    return ""


def _tell(argument: str) -> str:
    return {"pid": f"{os.getpid()}", "variables": "\n".join(os.environ)}[argument]


_ORDERS: Mapping[str, Callable[[str], str]] = {
    "abort": _abort,
    "allocate": _allocate,
    "crash": _crash,
    "exit": lambda argument: os._exit(int(argument)),
    "fail": _fail,
    "kill": _kill,
    "print": _print,
    "refuse": _refuse,
    "say": str,
    "sleep": _sleep,
    "tell": _tell,
}

"""Whether every mount point answers: `python -m efs_mounts.healthcheck`, exit code 0 or 1.

What the kernel lists is asked, not the settings: a target that was skipped at the start is no
illness. A file system that doesn't answer blocks whoever asks it, so that threads ask, and nobody
waits for them.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from .mounting import mounted_under

_SECONDS = 3.0  # below the 5 s that ECS gives a health check unless told otherwise


def illnesses(mounts: Sequence[Path], seconds: float) -> Iterator[str]:
    """What is wrong with each mount point that doesn't answer, or not well.

    Args:
        mounts: mount points.
        seconds: how long they may take, together.
    """
    answers: queue.SimpleQueue[tuple[Path, str]] = queue.SimpleQueue()
    for mount in mounts:
        threading.Thread(target=_ask, args=(mount, answers), daemon=True).start()
    silent = list(mounts)
    deadline = time.monotonic() + seconds
    while silent:
        try:
            mount, wrong = answers.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            break
        silent.remove(mount)
        if wrong:
            yield f"{mount}: {wrong}"
    yield from (f"{mount}: no answer within {seconds:g} s" for mount in silent)


def _ask(mount: Path, answers: queue.SimpleQueue[tuple[Path, str]]) -> None:
    try:
        os.stat(mount)  # noqa: PTH116 - of the mount point itself, as the kernel does it
    except OSError as error:
        answers.put((mount, f"{error.strerror}"))
    else:
        answers.put((mount, ""))


def main(environment: Mapping[str, str]) -> int:
    root = Path(environment.get("EFS_MOUNT_ROOT") or "/mnt")
    mounts = mounted_under(root)
    wrong = list(illnesses(mounts, _SECONDS)) if mounts else [f"{root} has no mount point"]
    print("\n".join(wrong or [f"{len(mounts)} mount points answer"]), flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    code = main(os.environ)
    sys.stdout.flush()
    os._exit(code)  # the interpreter would wait for threads that are blocked

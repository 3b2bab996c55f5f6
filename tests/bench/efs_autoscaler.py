"""efs-autoscaler: counting, on a disk and where every folder is as far away as on NFS."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.bench import IMPORT_ROOTS
from tests.bench.frame import Figure, below, seconds, skipped, times_faster

_FOLDERS, _FILES_EACH = 10_000, 100
_WORKERS = 32  # the setting's default
_ROUNDS = 3  # of which the best counts, on both sides

# Opening a folder takes 3 ms. Both find and Python open folders by these functions of libc.
_DELAY = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <unistd.h>

#define MODE(last) \\
    int mode = 0; \\
    if (flags & (O_CREAT | O_TMPFILE)) { \\
        va_list rest; va_start(rest, last); mode = va_arg(rest, int); va_end(rest); \\
    } \\
    if (flags & O_DIRECTORY) usleep(3000);

#define OPEN(name) \\
    int name(const char *path, int flags, ...) { \\
        MODE(flags) \\
        int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, #name); \\
        return real(path, flags, mode); \\
    }

#define OPENAT(name) \\
    int name(int folder, const char *path, int flags, ...) { \\
        MODE(flags) \\
        int (*real)(int, const char *, int, ...) = dlsym(RTLD_NEXT, #name); \\
        return real(folder, path, flags, mode); \\
    }

OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)
"""

_COUNT = """
import json, sys, time
from efs_autoscaler.count import count_files
from tests.bench.peak import peak_bytes
began = time.perf_counter()
files = count_files(sys.argv[1], int(sys.argv[2]), lambda: 600.0)
print(json.dumps({
    "files": files,
    "seconds": time.perf_counter() - began,
    "megabytes": peak_bytes() / 1024**2,
}))
"""


def counting(home: Path) -> Iterator[Figure]:
    """Count 1,000,000 files in 10,000 folders, then with 3 ms for each folder (two minutes)."""
    if sys.platform != "linux":
        yield skipped("counting", "the function reads folders as Linux lists them")
        return
    tree = home / "tree"
    _plant(tree)
    files = _FOLDERS * _FILES_EACH
    subject, peer = f"counting of {files:,} files", "find … | wc -l"
    rounds = [(_count(tree), _find(tree)) for _ in range(_ROUNDS)]
    ours = min(measured["seconds"] for measured, _ in rounds)
    yield times_faster(subject, ours, peer, min(theirs for _, theirs in rounds), at_least=1)
    megabytes = max(measured["megabytes"] for measured, _ in rounds)
    yield below(f"{subject}: memory", megabytes, "MB", limit=100, how="peak, whole process")
    slowly = f"{subject}, 3 ms for each folder, {_WORKERS} workers"
    if (compiler := shutil.which("cc")) is None:
        yield skipped(slowly, "no C compiler (cc) to build the delay with")
    else:
        delayed = {"LD_PRELOAD": str(_delay(compiler, home))}
        yield times_faster(
            slowly, _count(tree, delayed)["seconds"], peer, _find(tree, delayed), at_least=6
        )
    shutil.rmtree(tree)


def _plant(tree: Path) -> None:
    for number in range(_FOLDERS):
        folder = tree / f"{number // 100:03}" / f"{number:05}"
        folder.mkdir(parents=True)
        handle = os.open(folder, os.O_RDONLY)
        for name in range(_FILES_EACH):
            os.close(os.open(f"photo-{name:06}.jpg", os.O_CREAT | os.O_WRONLY, dir_fd=handle))
        os.close(handle)


def _count(tree: Path, variables: Mapping[str, str] | None = None) -> dict[str, Any]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(IMPORT_ROOTS), **(variables or {})}
    done = subprocess.run(
        [sys.executable, "-c", _COUNT, tree, str(_WORKERS)],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    measured: dict[str, Any] = json.loads(done.stdout)
    assert measured["files"] == _FOLDERS * _FILES_EACH
    return measured


def _find(tree: Path, variables: Mapping[str, str] | None = None) -> float:
    def find() -> None:
        subprocess.run(
            ["/bin/sh", "-c", 'find "$0" | wc -l', tree],
            env={**os.environ, **(variables or {})},
            stdout=subprocess.DEVNULL,
            check=True,
        )

    return seconds(find)


def _delay(compiler: str, home: Path) -> Path:
    source, library = home / "delay.c", home / "delay.so"
    source.write_text(_DELAY)
    subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return library


BENCHMARKS = (counting,)

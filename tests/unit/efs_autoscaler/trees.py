"""Trees of files, as Hypothesis thinks them up and as they lie on the disk."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Union

from hypothesis import strategies as st

Tree = dict[bytes, Union["Tree", str]]  # a folder by name, or the kind of another entry

_KINDS = ("file", "link to a folder", "link to a file", "dangling link", "fifo", "socket")
_NAMES = (
    st.builds(
        lambda text, length: (text * 255)[:length],
        st.binary(min_size=1, max_size=12),
        st.integers(1, 12) | st.integers(1, 255),
    )
    .map(lambda name: name.replace(b"/", b"_").replace(b"\0", b"0"))
    .filter(lambda name: name not in {b".", b".."})
)

TREES: st.SearchStrategy[Tree] = st.recursive(
    st.dictionaries(_NAMES, st.sampled_from(_KINDS), max_size=30),
    lambda below: st.dictionaries(_NAMES, st.sampled_from(_KINDS) | below, max_size=8),
    max_leaves=12,
)


def plant(tree: Tree, folder: bytes) -> int:
    """Make a tree in a folder; return how many of its entries are no folders."""
    files = 0
    for name, entry in tree.items():
        path = folder + b"/" + name
        if isinstance(entry, str):
            _make(entry, path, folder)
            files += 1
        else:
            os.mkdir(path)  # noqa: PTH102 - names are bytes that are no text
            files += plant(entry, path)
    return files


def _make(kind: str, path: bytes, folder: bytes) -> None:
    match kind:
        case "file":
            os.close(os.open(path, os.O_CREAT))
        case "fifo":
            os.mkfifo(path)
        case "socket":
            os.mknod(path, stat.S_IFSOCK | 0o600)
        case _:
            targets = {"link to a folder": folder, "link to a file": b"/etc/passwd"}
            os.symlink(targets.get(kind, b"nowhere"), path)  # noqa: PTH211 - bytes


@contextmanager
def planted(tree: Tree) -> Iterator[tuple[Path, int]]:
    """A tree in a folder of its own, and how many of its entries are no folders."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder), plant(tree, os.fsencode(folder))

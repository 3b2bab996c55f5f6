"""Work files: the files to work on, by kind, a few in each, and the lists of work files."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Literal, TypedDict

from nas_sync import keys
from nas_sync.records import Kind, Work
from nas_sync.store import Store

WorkKind = Kind | Literal["moved"]

# Of 10,000 children that a distributed Map may have.
# https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
_MOST_FILES = 9_900
_KINDS = 4
_AT_ONCE = 16  # objects that are written at the same time


class Item(TypedDict):
    """What a Map hands to a child."""

    work: str  # key of a work file
    kind: WorkKind


def lines_per_file(lines: int, wanted: int) -> int:
    """How many lines a work file gets, so that there are at most 9,900 of them.

    Args:
        lines: of all work files together.
        wanted: lines in a work file, if that isn't too few.
    """
    full_files = _MOST_FILES - _KINDS  # the last one of each kind is not full
    return max(wanted, -(-lines // full_files))


class WorkFiles:
    """The work files of a batch, while they are written."""

    def __init__(self, store: Store, batch: str, size: int, pool: ThreadPoolExecutor) -> None:
        """`writing` makes it."""
        self.items: list[Item] = []  # at most 9,900
        self.lines: dict[str, int] = {}  # by kind
        self._store = store
        self._batch = batch
        self._size = size
        self._pool = pool
        self._open: dict[WorkKind, list[Work]] = {}
        self._numbers: dict[WorkKind, int] = {}
        self._under_way: deque[Future[int]] = deque()

    def add(self, kind: WorkKind, work: Work) -> None:
        """Put a line into the open work file of a kind."""
        rows = self._open.setdefault(kind, [])
        rows.append(work)
        self.lines[kind] = self.lines.get(kind, 0) + 1
        if len(rows) == self._size:
            self._write(kind)

    def close(self) -> None:
        """Write what is open, and wait until everything is written."""
        for kind in [kind for kind, rows in self._open.items() if rows]:
            self._write(kind)
        while self._under_way:
            self._under_way.popleft().result()

    def _write(self, kind: WorkKind) -> None:
        number = self._numbers[kind] = self._numbers.get(kind, 0) + 1
        key = keys.work(self._batch, kind, number)
        rows = self._open.pop(kind)
        if len(self._under_way) == _AT_ONCE:
            self._under_way.popleft().result()
        self._under_way.append(self._pool.submit(self._store.write_lines, key, rows))
        self.items.append({"work": key, "kind": kind})


@contextmanager
def writing(store: Store, batch: str, size: int) -> Iterator[WorkFiles]:
    """Work files that are all written when the block ends.

    Args:
        store: the raw bucket.
        batch: whose they are.
        size: lines in each.
    """
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        files = WorkFiles(store, batch, size, pool)
        yield files
        files.close()


def write_lists(store: Store, batch: str, items: list[Item]) -> tuple[int, int]:
    """Write what the Maps read; how many work files there are to extract and to index.

    What moved is only indexed: its text and vector are there already.
    """
    extract = [item for item in items if item["kind"] != "moved"]
    store.write_json(keys.work_list(batch, "extract"), extract)
    store.write_json(keys.work_list(batch, "index"), items)
    return len(extract), len(items)

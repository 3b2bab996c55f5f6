"""The results of work files as S3 lists them: parts, each of some lines that follow one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby


def by_work_file(keys: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """The name of each work file, and the keys of its parts.

    Args:
        keys: `…/<work file>/<begin>-<end>.jsonl`, compressed or not, as S3 lists them.
    """
    for name, parts in groupby(keys, key=lambda key: key.rsplit("/", 2)[-2]):
        yield name, list(parts)

"""Starts one OpenSearch node, finds it again and stops it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts import background
from scripts.local_aws.opensearch import build

READY_FILE = "opensearch.json"
ENDPOINT_VARIABLE = "OPENSEARCH_ENDPOINT"

_READY_SECONDS = 120  # 90 until green, and the JVM


@dataclass(frozen=True)
class OpenSearch:
    """An OpenSearch that answers.

    Attributes:
        endpoint: Its URL.
        pid: Its process; None of one that OPENSEARCH_ENDPOINT names.
    """

    endpoint: str
    pid: int | None = None


def start(
    folder: Path, *, port: int | None = None, owner: int | None = None, **settings: object
) -> OpenSearch:
    """Start a node without an index and wait until it is green; another of this folder ends.

    Where OPENSEARCH_ENDPOINT is set, that one is taken and nothing is started.

    Args:
        folder: For its data (`opensearch/`), log (`opensearch.log`) and announcement.
        port: Of HTTP; a free one when it isn't given.
        owner: Id of the process without which it ends by itself; this one when it isn't given.
        settings: Of the node, such as `**{"thread_pool.write.queue_size": 1}`.

    Raises:
        NotStartedError: Java or Maven is missing, or the node did not start.
    """
    if named := os.environ.get(ENDPOINT_VARIABLE):
        return OpenSearch(named)
    folder = folder.resolve()
    stop(folder)
    home = folder / "opensearch"
    home.mkdir(parents=True)
    said = background.start_program(
        [
            *build.java(),
            *(str(folder / READY_FILE), str(home), str(port or background.free_port())),
            str(owner or os.getpid()),
            *(f"{name}={value}" for name, value in settings.items()),
        ],
        folder / READY_FILE,
        seconds=_READY_SECONDS,
    )
    return OpenSearch(said["endpoint"], said["pid"])


def found(folder: Path) -> OpenSearch | None:
    """The node that runs in a folder, or the one that OPENSEARCH_ENDPOINT names."""
    if named := os.environ.get(ENDPOINT_VARIABLE):
        return OpenSearch(named)
    said = background.said_by(folder.resolve() / READY_FILE)
    return OpenSearch(said["endpoint"], said["pid"]) if said else None


def stop(folder: Path) -> None:
    """Stop the node that runs in a folder, if one does; what it held is gone."""
    folder = folder.resolve()
    background.stop(folder / READY_FILE)
    shutil.rmtree(folder / "opensearch", ignore_errors=True)


@contextmanager
def running(folder: Path, **settings: Any) -> Iterator[OpenSearch]:
    """As `start`, and `stop` when the block ends."""
    try:
        yield start(folder, **settings)
    finally:
        stop(folder)

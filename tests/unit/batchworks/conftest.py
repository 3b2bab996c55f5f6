"""A log of its own for each test, and nothing hidden when it begins."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Iterator

import pytest
from aws_lambda_powertools import Logger

from batchworks import logs


@pytest.fixture(autouse=True)
def forget(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Makes the process forget its secrets: before each test and whenever it is called."""

    def forget_now() -> None:
        monkeypatch.setattr(logs, "_hidden", set())
        monkeypatch.setattr(logs, "_pattern", re.compile(r"(?!)"))

    forget_now()
    return forget_now


@pytest.fixture
def lines() -> io.StringIO:
    """Where the job's log goes."""
    return io.StringIO()


@pytest.fixture
def logger(lines: io.StringIO) -> Iterator[Logger]:
    """The log of a job called `test-job`."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield logs.start("test-job", stream=lines)
    root.handlers, root.level = handlers, level
    job = logging.getLogger("test-job")
    job.handlers.clear()
    vars(job).pop("init", None)  # Powertools configures a logger of this name only once
    vars(job).pop("powertools_handler", None)

"""Structured logs in which no secret appears, whoever writes the line.

Every value given to `hide` is replaced wherever it turns up: in messages, fields and tracebacks
of our own lines and of any library's, and in exceptions that leave a handler.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any
from urllib.parse import quote, quote_plus

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

from batchworks.errors import JobError

MASK = "***"
_hidden: set[str] = set()
_pattern = re.compile(r"(?!)")  # matches nothing until there is something to hide


def hide(secret: str) -> None:
    """Keep a value, in every spelling it may travel in, out of logs and exceptions from now on."""
    global _pattern  # noqa: PLW0603 - one process, one set of secrets
    if not secret:
        return
    _hidden.update(_spellings(secret))
    longest_first = sorted(_hidden, key=len, reverse=True)
    _pattern = re.compile("|".join(map(re.escape, longest_first)))


def mask(text: str) -> str:
    """The text without hidden values."""
    return _pattern.sub(MASK, text)


def masked(error: Exception) -> Exception:
    """The error as it may leave a handler.

    Lambda prints an exception that leaves a handler and copies its message into the dead-letter
    queue. An error that tells a secret is replaced by one with the same class name (retry rules of
    Step Functions match on it) and a masked message. What caused it is cut off: the log has it.
    """
    told = "\n".join([str(error), repr(error), *getattr(error, "__notes__", [])])
    if mask(told) != told:
        namesake = type(type(error).__name__, (JobError,), {})
        error = namesake(mask(str(error))).with_traceback(error.__traceback__)
    error.__cause__ = None
    return error


@contextmanager
def failing_aloud(logger: Logger) -> Iterator[None]:
    """Log the error that ends a run, with `outcome`, and let it leave the handler masked.

    Args:
        logger: the job's.

    Raises:
        Whatever the run raised: a failed run fails, so that alarms, retries and dead letters work.
    """
    try:
        yield
    except Exception as error:
        logger.exception(f"failed: {error}", extra={"outcome": "failed"})  # noqa: TRY401 - operators read messages
        raise masked(error) from None


class MaskedText(logging.Formatter):
    """Plain lines for a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))


class _MaskedJson(LambdaPowertoolsFormatter):
    """One JSON object a line. Masked before it is encoded, so that it stays JSON."""

    def serialize(self, log: Any) -> str:
        return super().serialize(_mask_value(log))


def start(service: str, package: str | None = None, *, stream: IO[str] | None = None) -> Logger:
    """Send all logs of this process to one stream as JSON lines: a job's own and its libraries'.

    Args:
        service: as lines name it, such as `sync-batch`.
        package: of the job's code; the service's name with underscores when it isn't given.
        stream: where lines go; standard output, which Lambda collects, when it isn't given.

    Returns:
        The job's logger. Keys appended to it appear on every line.
    """
    handler = logging.StreamHandler(stream or sys.stdout)
    formatter = _MaskedJson(service=service, utc=True, use_rfc3339=True, serialize_stacktrace=False)
    handler.setFormatter(formatter)  # Powertools does so only once for each service
    logger = Logger(
        service=service,
        level=logging.INFO,
        logger_handler=handler,
        logger_formatter=formatter,
    )
    logging.getLogger(service).propagate = False  # its handler is the root's, too
    send_to(handler)
    set_level(service, "INFO", package)
    return logger


def send_to(handler: logging.Handler) -> None:
    """Make a handler the only one that receives what this process logs."""
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)  # libraries: at DEBUG botocore prints the secrets it fetches


def set_level(service: str, level: str, package: str | None = None) -> None:
    """Set the level (DEBUG, INFO, WARNING or ERROR) of a job's own lines."""
    for name in (service, package or service.replace("-", "_"), "batchworks"):
        logging.getLogger(name).setLevel(level)


def _mask_value(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {mask(str(key)): _mask_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [_mask_value(item) for item in value]
    return mask(str(value))


def _spellings(secret: str) -> Iterator[str]:
    """The value raw, as part of a URL, of a JSON text, of a Python literal, and of combinations."""
    once = {secret, *_quoted(secret)}
    for spelling in once:
        yield spelling
        yield from _quoted(spelling)
    for encoded in (quote(secret, safe=""), quote(secret), quote_plus(secret)):
        yield encoded
        yield re.sub(r"%[0-9A-F]{2}", lambda found: found[0].lower(), encoded)


def _quoted(text: str) -> set[str]:
    return {
        json.dumps(text)[1:-1],
        json.dumps(text, ensure_ascii=False)[1:-1],
        repr(text)[1:-1],
        repr(text.encode(errors="replace"))[2:-1],
    }

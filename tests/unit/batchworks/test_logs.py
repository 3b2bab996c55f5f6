"""No secret leaves the process by way of a log line or an exception."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

import httplib2
from aws_lambda_powertools import Logger
from googleapiclient.errors import HttpError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batchworks import logs
from batchworks.errors import JobError, TemporaryError

# “§” makes sure that a line can't hold the value by chance
SECRETS = st.text(st.characters(exclude_categories=["Cs"]), min_size=3).map("§{}".format)
SPELLINGS: list[Callable[[str], str]] = [
    str,
    repr,
    lambda secret: quote(secret, safe=""),
    quote,
    quote_plus,
    lambda secret: re.sub("%..", lambda code: code[0].lower(), quote(secret, safe="")),
    json.dumps,
    lambda secret: json.dumps(secret, ensure_ascii=False),
    lambda secret: json.dumps(json.dumps({"password": secret})),
    lambda secret: urlencode({"key": secret}),
    lambda secret: str(secret.encode()),
    lambda secret: repr({"password": secret}),
]


class OddError(Exception):
    """An exception that tells more in its text form than in its arguments."""

    def __init__(self, code: int, detail: str) -> None:
        super().__init__(code)
        self.detail = detail

    def __str__(self) -> str:
        return f"code {self.args[0]}: {self.detail}"


def raised(error: Exception, cause: Exception | None = None) -> Exception:
    """The error with a traceback, as an `except` clause gets it."""
    try:
        raise error from cause
    except type(error) as caught:
        return caught


def log_exception(logger: Logger, text: str) -> None:
    error = OddError(1, text)
    error.add_note(text)
    logger.error("it failed", exc_info=raised(error, raised(KeyError(text))))


def log_with_key(logger: Logger, text: str) -> None:
    logger.append_keys(kept=text)
    logger.info("key")
    logger.remove_keys(["kept"])


WRITERS: list[Callable[[Logger, str], None]] = [
    lambda logger, text: logger.info(text),
    lambda logger, text: logger.info("with %s", text),
    lambda logger, text: logger.info({"nested": [{"deep": (text, 1)}]}),
    lambda logger, text: logger.info("field", extra={"field": {text: {"in": text}}}),
    lambda logger, text: logger.info("object", extra={"object": ValueError(text)}),
    lambda _, text: logging.getLogger("urllib3.connectionpool").warning("GET %s", text),
    lambda _, text: logging.getLogger("test_job.part").error(text),
    log_with_key,
    log_exception,
]


def texts_in(value: Any) -> list[str]:
    """All texts of a JSON value, keys included."""
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in texts_in(part)]
    if isinstance(value, list):
        return [text for part in value for text in texts_in(part)]
    return [value] if isinstance(value, str) else []


@given(secret=SECRETS, spelling=st.sampled_from(SPELLINGS), writer=st.sampled_from(WRITERS))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_line_tells_a_hidden_value(
    *,
    logger: Logger,
    lines: io.StringIO,
    forget: Callable[[], None],
    secret: str,
    spelling: Callable[[str], str],
    writer: Callable[[Logger, str], None],
) -> None:
    forget()
    logs.hide(secret)
    lines.seek(0)
    lines.truncate()
    writer(logger, f"before {spelling(secret)} after")
    written = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert len(written) == 1
    said = "\n".join(texts_in(written[0]))
    assert logs.MASK in said
    for form in (secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]):
        assert form not in said
        assert form not in lines.getvalue()


def test_a_secret_that_contains_another_is_hidden_whole() -> None:
    logs.hide("s3cret")
    logs.hide("my s3cret word")
    assert logs.mask("it is my s3cret word") == "it is ***"


def test_lines_keep_what_is_no_secret(logger: Logger, lines: io.StringIO) -> None:
    logs.hide("s3cret")
    logger.append_keys(run_id="r-1")
    logger.error("channel UC1 failed", extra={"channel": "UC1", "count": 3, "none": None})
    line = json.loads(lines.getvalue())
    assert line["level"] == "ERROR"
    assert line["message"] == "channel UC1 failed"
    assert (line["channel"], line["count"], line["run_id"]) == ("UC1", 3, "r-1")


def test_libraries_write_into_the_same_log_but_only_warnings(
    logger: Logger, lines: io.StringIO
) -> None:
    logger.append_keys(run_id="r-1")
    logging.getLogger("botocore.parsers").debug("Response body: everything")
    logging.getLogger("googleapiclient.http").warning("Sleeping")
    (line,) = map(json.loads, lines.getvalue().splitlines())
    assert (line["message"], line["run_id"]) == ("Sleeping", "r-1")


def test_the_level_is_the_jobs_own(logger: Logger, lines: io.StringIO) -> None:
    logs.set_level("test-job", "DEBUG")
    logging.getLogger("test_job.part").debug("seen")
    logging.getLogger("urllib3").debug("unseen")
    logs.set_level("test-job", "ERROR")
    logger.warning("unseen")
    assert [json.loads(line)["message"] for line in lines.getvalue().splitlines()] == ["seen"]


def test_lines_of_a_terminal_are_masked_with_their_traceback() -> None:
    logs.hide("s3cret")
    error = raised(ValueError("s3cret"))
    reason = (type(error), error, error.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "about %s", ("s3cret",), reason)
    text = logs.MaskedText().format(record)
    assert "s3cret" not in text
    assert "ValueError: ***" in text


@given(secret=SECRETS, spelling=st.sampled_from(SPELLINGS))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_exception_that_leaves_tells_no_hidden_value(
    forget: Callable[[], None], secret: str, spelling: Callable[[str], str]
) -> None:
    forget()
    logs.hide(secret)
    left = logs.masked(OddError(1, f"before {spelling(secret)} after"))
    assert type(left).__name__ == "OddError"
    assert secret not in str(left) + repr(left)
    assert str(left).startswith("code 1: before ")


def test_googles_http_error_prints_its_url_without_the_key() -> None:
    key = "AIza+/=key"
    logs.hide(key)
    response = httplib2.Response({"status": "403"})
    url = f"https://youtube.googleapis.com/youtube/v3/videos?{urlencode({'key': key})}"
    left = logs.masked(HttpError(response, b"{}", uri=url))
    assert type(left).__name__ == "HttpError"
    assert "videos?key=***" in str(left)


def test_what_caused_an_exception_stays_behind() -> None:
    logs.hide("s3cret")
    left = logs.masked(raised(TemporaryError("down"), ValueError("s3cret")))
    assert left.__cause__ is None


def test_an_exception_without_secrets_leaves_as_it_is() -> None:
    logs.hide("s3cret")
    error = JobError("channel UC1 doesn't exist")
    assert logs.masked(error) is error


def test_nothing_is_masked_before_something_is_hidden() -> None:
    logs.hide("")
    assert logs.mask("anything at all") == "anything at all"

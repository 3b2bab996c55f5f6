"""Posts what a topic was told to a Slack channel.

https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import urllib3
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from batchworks.errors import JobError, TemporaryError
from batchworks.logs import hide

_TIMEOUT = urllib3.Timeout(connect=3, read=7)
_ATTEMPTS = 4
_LONGEST_WAIT = 5.0  # seconds; what takes longer is Lambda's to repeat
_LONGEST_TEXT = 38_000  # characters; Slack cuts at 40,000


class SlackUnavailable(TemporaryError):  # noqa: N818
    """Slack doesn't answer, or answers that it can't just now."""

    def __init__(self, message: str, wait: float = 0.0) -> None:
        super().__init__(message)
        self.wait = wait  # seconds that Slack asks for


@dataclass(frozen=True)
class Webhook:
    """A channel's address, which lets anybody who knows it write there."""

    url: str
    pause: float = 0.5  # seconds before the second attempt, then twice as long each time

    def __post_init__(self) -> None:
        """Keep the address out of logs, whole and as libraries tell it: without the host."""
        hide(self.url)
        path = urlsplit(self.url).path
        if len(path) > 1:
            hide(path)


def texts(event: Mapping[str, Any]) -> Iterator[str]:
    """What the messages of an event of SNS say, as Slack shows it. Pure.

    Raises:
        JobError: it is no event of SNS.
    """
    try:
        notices = [record["Sns"] for record in event["Records"]]
        for notice in notices:
            yield _text(notice.get("Subject"), str(notice["Message"]))
    except (AttributeError, KeyError, TypeError) as error:
        raise JobError(f"the event is none of SNS: {error!r} is missing or wrong") from error


def post(pool: urllib3.PoolManager, webhook: Webhook, text: str) -> None:
    """Post a message, repeatedly if need be.

    Raises:
        SlackUnavailable: Slack didn't take it in several attempts.
        JobError: Slack refuses it.
    """
    for attempt in Retrying(
        retry=retry_if_exception_type(SlackUnavailable),
        stop=stop_after_attempt(_ATTEMPTS),
        wait=lambda state: _wait(state, webhook.pause),
        reraise=True,
    ):
        with attempt:
            _post_once(pool, webhook, text)


def _post_once(pool: urllib3.PoolManager, webhook: Webhook, text: str) -> None:
    try:
        answer = pool.request(
            "POST",
            webhook.url,
            json={"text": text},
            timeout=_TIMEOUT,
            retries=False,
            redirect=False,
        )
    except urllib3.exceptions.HTTPError as error:  # its words hold the address
        raise SlackUnavailable(f"Slack didn't answer: {type(error).__name__}") from None
    if answer.status == 429 or answer.status >= 500:
        wait = _seconds(answer.headers.get("Retry-After", ""))
        raise SlackUnavailable(f"Slack answered {answer.status}: it can't just now", wait)
    if answer.status != 200:
        told = answer.data[:200].decode(errors="replace")
        raise JobError(
            f"Slack refuses the message ({answer.status} {told}): "
            "put the URL of a webhook that exists into the secret"
        )


def _wait(state: RetryCallState, pause: float) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.wait if isinstance(error, SlackUnavailable) else 0.0
    growing: float = pause * 2 ** (state.attempt_number - 1)
    return min(max(asked, growing), _LONGEST_WAIT)


def _seconds(header: str) -> float:
    return float(header) if header.isdigit() else 0.0


def _text(subject: str | None, message: str) -> str:
    subject, message = _of_alarm(message) or (subject, message)
    whole = f"*{_escaped(subject)}*\n{_escaped(message)}" if subject else _escaped(message)
    return whole if len(whole) <= _LONGEST_TEXT else whole[:_LONGEST_TEXT] + "…"


def _of_alarm(message: str) -> tuple[str, str] | None:
    """Name and reason of a CloudWatch alarm, which comes as JSON; None for anything else."""
    try:
        told = json.loads(message)
    except ValueError:
        return None
    if not isinstance(told, dict) or "AlarmName" not in told:
        return None
    name, state = told["AlarmName"], told.get("NewStateValue", "")
    said = [told.get("AlarmDescription"), told.get("NewStateReason")]
    return f"{state}: {name}", "\n".join(str(each) for each in said if each)


def _escaped(text: str) -> str:
    """https://docs.slack.dev/messaging/formatting-message-text#escaping"""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

"""What the topic was told reaches Slack, once it takes it, and the address reaches nobody."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
import urllib3
from moto import mock_aws

from batchworks.errors import JobError, SettingsError
from nas_sync.handlers import slack as handler
from nas_sync.notify import slack
from nas_sync.notify.slack import SlackUnavailable, Webhook, post, texts
from tests.unit.lambda_context import Context
from tests.unit.nas_sync.invoking import Lines
from tests.unit.nas_sync.notify.conftest import PATH, Slack

Call = Callable[[Any], dict[str, int]]


def told(message: str, subject: str | None = "件名") -> dict[str, Any]:
    """An event of SNS."""
    notice = {"Subject": subject, "Message": message, "TopicArn": "arn:aws:sns:::topic"}
    return {"Records": [{"EventSource": "aws:sns", "Sns": notice}]}


def test_a_message_shows_its_subject_and_nothing_is_taken_for_markup() -> None:
    assert list(texts(told("a < b & c"))) == ["*件名*\na &lt; b &amp; c"]
    assert list(texts(told("only text", None))) == ["only text"]


def test_an_alarm_is_told_by_its_name_and_reason() -> None:
    alarm = {"AlarmName": "CIS-Failed", "NewStateValue": "ALARM", "NewStateReason": "1 > 0"}

    assert list(texts(told(json.dumps(alarm)))) == ["*ALARM: CIS-Failed*\n1 &gt; 0"]


def test_a_very_long_message_is_cut() -> None:
    [text] = texts(told("長" * 50_000))

    assert len(text) < 40_000
    assert text.endswith("…")


@pytest.mark.parametrize("event", [{}, {"Records": [{}]}, {"Records": 1}, {"Records": ["x"]}])
def test_an_event_of_something_else_is_an_error(event: Any) -> None:
    with pytest.raises(JobError, match="none of SNS"):
        list(texts(event))


@pytest.fixture
def pool() -> urllib3.PoolManager:
    return urllib3.PoolManager()


def test_slack_hears_a_message_once(slack_server: Slack, pool: urllib3.PoolManager) -> None:
    post(pool, Webhook(slack_server.url), "✅ done")

    assert slack_server.heard == ["✅ done"]


@pytest.mark.parametrize("statuses", [(429,), (500, 503), (429, 502, 504)])
def test_what_slack_cannot_take_just_now_is_repeated(
    slack_server: Slack, pool: urllib3.PoolManager, statuses: tuple[int, ...]
) -> None:
    slack_server.answering(*statuses)

    post(pool, Webhook(slack_server.url, pause=0.01), "text")

    assert len(slack_server.heard) == len(statuses) + 1


def test_slack_is_given_the_time_it_asks_for(
    slack_server: Slack, pool: urllib3.PoolManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("tenacity.nap.time.sleep", waits.append)
    slack_server.answering(429, 429, Retry_After="3")

    post(pool, Webhook(slack_server.url, pause=0.01), "text")

    assert [each for each in waits if each] == [3.0, 3.0]


def test_a_slack_that_stays_unavailable_fails_the_run(
    slack_server: Slack, pool: urllib3.PoolManager
) -> None:
    slack_server.answering(*[503] * 9)

    with pytest.raises(SlackUnavailable, match="503"):
        post(pool, Webhook(slack_server.url, pause=0.01), "text")

    assert len(slack_server.heard) == 4


def test_a_refusal_is_not_repeated_and_says_what_to_do(
    slack_server: Slack, pool: urllib3.PoolManager
) -> None:
    slack_server.answering(404)

    with pytest.raises(JobError, match=r"404 no_service.*secret"):
        post(pool, Webhook(slack_server.url), "text")

    assert len(slack_server.heard) == 1


def test_a_slack_that_says_nothing_is_asked_again(
    slack_server: Slack, pool: urllib3.PoolManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack, "_TIMEOUT", urllib3.Timeout(connect=1, read=0.05))
    slack_server.silence = 0.2

    with pytest.raises(SlackUnavailable, match="ReadTimeoutError"):
        post(pool, Webhook(slack_server.url, pause=0.01), "text")

    assert len(slack_server.heard) == 4


@pytest.fixture
def call(
    slack_server: Slack,
    listen: Callable[[Any], None],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Call]:
    """Calls the function, whose secret leads to the Slack on loopback."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-1")
    with mock_aws():
        secret = boto3.client("secretsmanager").create_secret(
            Name="slack", SecretString=json.dumps({"url": slack_server.url})
        )
        monkeypatch.setenv("SLACK_SECRET_ARN", secret["ARN"])

        def run(event: Any) -> dict[str, int]:
            listen(handler.logger)
            context: Any = Context(function_name="SlackNotifier")
            answer: dict[str, int] = handler.run(event, context)
            return answer

        yield run


def test_the_function_posts_what_it_is_sent(call: Call, slack_server: Slack, lines: Lines) -> None:
    assert call(told("本文")) == {"posted": 1}

    assert slack_server.heard == ["*件名*\n本文"]
    assert lines()[-1]["outcome"] == "complete"


def test_a_failure_leaves_the_function_without_the_address(
    call: Call, slack_server: Slack, lines: Lines
) -> None:
    slack_server.answering(410)
    with pytest.raises(JobError) as refused:
        call(told("text"))
    slack_server.url = ""

    logged = json.dumps(lines())
    assert "410" in logged
    assert PATH not in f"{logged}{refused.value!r}"


def test_nobody_who_listens_is_told_the_address(
    call: Call, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = f"http://127.0.0.1:9{PATH}"  # nothing listens on port 9
    secret = boto3.client("secretsmanager").create_secret(Name="closed", SecretString=hidden)
    monkeypatch.setenv("SLACK_SECRET_ARN", secret["ARN"])
    monkeypatch.setattr("tenacity.nap.time.sleep", lambda _: None)

    with pytest.raises(JobError, match="didn't answer") as failed:
        call(told("text"))

    assert PATH not in json.dumps(lines()) + repr(failed.value) + repr(failed.value.__cause__)


def test_a_function_without_a_secret_says_so(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_SECRET_ARN", "")

    with pytest.raises(SettingsError, match="SLACK_SECRET_ARN"):
        call(told("text"))

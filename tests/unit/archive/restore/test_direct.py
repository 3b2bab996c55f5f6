"""Asking one by one: S3's answers, throttling, and errors that would meet all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from scripts.archive.restore.cost import Tier
from scripts.archive.restore.direct import Wish, ask, until
from scripts.archive.restore.outcomes import Outcome, Status
from scripts.archive.restore.pacing import Pacer
from scripts.archive.restore_list.selection import Item

TIME = datetime(2024, 1, 1, tzinfo=UTC)


def items(count: int) -> list[Item]:
    return [Item(n, f"s/{n}", f"{n}", "v", 1, "", None, "", TIME, TIME) for n in range(count)]


class S3:
    """Answers RestoreObject as a function of the key and how often it was asked says."""

    def __init__(self, answer: Callable[[str, int], str]) -> None:
        self.asked: Counter[str] = Counter()
        self.requests: list[dict[str, Any]] = []
        self._answer = answer

    def restore_object(self, **request: Any) -> dict[str, Any]:
        self.asked[request["Key"]] += 1
        self.requests.append(request)
        code = self._answer(request["Key"], self.asked[request["Key"]])
        if code == "EndpointConnectionError":
            raise EndpointConnectionError(endpoint_url="http://s3")
        if code not in ("200", "202"):
            raise ClientError({"Error": {"Code": code, "Message": "no"}}, "RestoreObject")
        return {"ResponseMetadata": {"HTTPStatusCode": int(code)}}

    def head_object(self, **_: Any) -> dict[str, Any]:
        return {"Restore": 'ongoing-request="false", expiry-date="Sun, 22 Nov 2026 00:00:00 GMT"'}


def run(s3: Any, count: int, pacer: Pacer | None = None) -> dict[int, Outcome]:
    wish = Wish("bucket", Tier.BULK, 7, pacer or Pacer(1e6))
    return {item.number: outcome for item, outcome in ask(s3, wish, items(count))}


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("202", Status.REQUESTED),
        ("200", Status.RESTORED),
        ("RestoreAlreadyInProgress", Status.IN_PROGRESS),
        ("InvalidObjectState", Status.READABLE),
        ("AccessDenied", Status.DENIED),
        ("NoSuchKey", Status.GONE),
        ("NoSuchVersion", Status.GONE),
        ("InternalError", Status.FAILED),
    ],
)
def test_each_answer_of_s3_is_told_apart(code: str, status: Status) -> None:
    assert run(S3(lambda *_: code), 1)[0].status is status


def test_version_tier_and_days_are_asked_for() -> None:
    s3 = S3(lambda *_: "202")
    run(s3, 1)

    [request] = s3.requests
    assert request["VersionId"] == "v"
    assert request["RestoreRequest"] == {"Days": 7, "GlacierJobParameters": {"Tier": "Bulk"}}


@pytest.mark.parametrize("code", ["SlowDown", "503", "ThrottledException"])
def test_throttling_slows_down_instead_of_failing(code: str) -> None:
    s3 = S3(lambda _, times: code if times < 3 else "202")

    outcomes = run(s3, 50)

    assert {outcome.status for outcome in outcomes.values()} == {Status.REQUESTED}
    assert set(s3.asked.values()) == {3}


def test_throttling_that_never_ends_is_a_failure_of_the_object() -> None:
    assert run(S3(lambda *_: "SlowDown"), 1)[0].status is Status.FAILED


@pytest.mark.parametrize("code", ["ExpiredToken", "NoSuchBucket", "EndpointConnectionError"])
def test_an_error_that_would_meet_all_stops_early_and_every_object_is_accounted_for(
    code: str,
) -> None:
    s3 = S3(lambda *_: code)

    outcomes = run(s3, 1000)

    assert len(outcomes) == 1000
    assert s3.asked.total() < 200
    assert {outcome.status for outcome in outcomes.values()} == {Status.FAILED, Status.NOT_ASKED}
    assert {outcome.code for outcome in outcomes.values()} == {code}


def test_until_when_a_copy_stays_is_told_in_tokyo() -> None:
    header = 'ongoing-request="false", expiry-date="Sun, 22 Nov 2026 00:00:00 GMT"'
    assert until(header) == "2026-11-22 09:00 まで"
    assert not until('ongoing-request="true"')

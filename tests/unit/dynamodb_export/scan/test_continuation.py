"""A run that nears its time limit hands over to a further one; a run may be killed anywhere."""

from __future__ import annotations

import json

import pytest

from batchworks.errors import JobError
from dynamodb_export import keys
from dynamodb_export.controls import Controls
from dynamodb_export.errors import AwsError, NotFoundError, ThrottledError
from tests.unit.dynamodb_export.scan.world import (
    TABLE,
    Killed,
    World,
    ending_after,
    kill_at,
    refusing,
)

STATE = keys.scan_state(TABLE, "r-1")


def whole(aws: World, compressed: str = "false") -> bytes:
    """The object of a scan that one run did."""
    aws.variables["EXPORT_GZIP"] = compressed
    aws.fill(40)
    aws.begin()
    aws.export()
    return read_and_delete(aws)


def read_and_delete(aws: World) -> bytes:
    (key,) = aws.stored("raw/")
    content = aws.content(key)
    aws.clients.store.delete(key)
    return content


@pytest.mark.parametrize("compressed", ["false", "true"])
def test_a_run_for_each_page_gives_the_same_object(aws: World, compressed: str) -> None:
    expected = whole(aws, compressed)
    aws.begin()
    results = [aws.export(controls=ending_after(1))]
    while results[-1].outcome == "partial":
        assert aws.stored("raw/") == []
        results.append(aws.export(controls=ending_after(1), only_continue=True))
    assert results[-1].message == "Export completed successfully"
    assert results[-1].items == 40
    assert len(results) > 20
    assert read_and_delete(aws) == expected
    assert aws.stored() == []
    assert aws.uploads() == []


def test_two_runs_that_meet_at_any_page_give_the_same_object(aws: World) -> None:
    expected = whole(aws)
    for pages in (1, 2, 3, 8, 13, 21):
        aws.begin()
        if aws.export(controls=ending_after(pages)).outcome == "partial":
            aws.export(only_continue=True)
        assert read_and_delete(aws) == expected


def test_a_run_that_stops_says_so_and_asks_for_the_next(aws: World) -> None:
    aws.fill(40)
    aws.begin()
    result = aws.export(controls=ending_after(3))
    assert (result.outcome, result.message, result.run) == ("partial", "Export in progress", "r-1")
    ((kind, detail),) = aws.published
    assert kind == "TableExportContinued"
    assert detail["tableName"] == TABLE
    assert detail["continuation"] == "r-1"


def test_a_continuation_that_comes_twice_changes_nothing(aws: World) -> None:
    aws.fill(40)
    aws.begin()
    aws.export(controls=ending_after(3))
    aws.export(only_continue=True)
    expected, published = aws.content(), len(aws.published)
    result = aws.export(only_continue=True)
    assert result.outcome == "busy"
    assert aws.content() == expected
    assert len(aws.published) == published


@pytest.mark.parametrize("done", [False, True])
def test_a_run_killed_at_any_call_of_s3_is_finished_by_its_repetition(
    aws: World, done: bool
) -> None:
    aws.fill(24)
    for number in range(1, 100):
        run = f"r-{number}"
        aws.begin(run)
        kill_at(aws, number, done=done)
        try:
            aws.export(run, ending_after(6))
            aws.export(run)
            break
        except Killed:
            assert_whole_or_absent(aws, run)
        kill_at(aws, 0, done=done)
        aws.export(run)
        assert len({item["n"] for item in aws.items()}) == len(aws.items()) == 24
        assert [key for key in aws.stored() if run in key] == []
        read_and_delete(aws)
    assert number > 12  # calls


def assert_whole_or_absent(aws: World, run: str) -> None:
    if aws.stored("raw/"):
        assert len(aws.items()) == 24, run


@pytest.mark.parametrize("call", ["UploadPart", "CompleteMultipartUpload"])
def test_an_upload_that_somebody_gave_up_is_begun_anew(aws: World, call: str) -> None:
    aws.fill(40)
    aws.begin()
    aws.export(controls=ending_after(12))
    with refusing(aws.clients.store.client, call, "NoSuchUpload", 404):
        aws.export(only_continue=True)
    assert len(aws.items()) == 40
    assert aws.uploads() == []


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"version": 0}', b'{"version": 1}'])
def test_a_state_that_cannot_be_used_is_begun_anew(aws: World, damage: bytes) -> None:
    aws.fill(10)
    aws.clients.store.put(STATE, damage, {})
    aws.export()
    assert len(aws.items()) == 10


def test_what_the_settings_said_at_the_beginning_holds(aws: World) -> None:
    expected = whole(aws)
    aws.begin()
    aws.export(controls=ending_after(5))
    aws.variables |= {"EXPORT_FORMAT": "lines", "EXPORT_GZIP": "true", "EXPORT_SEGMENTS": "7"}
    aws.export()
    assert read_and_delete(aws) == expected


def test_somebody_who_stops_a_run_leaves_nothing(aws: World) -> None:
    aws.fill(40)
    aws.begin()
    seen: list[int] = []
    stopping = Controls(stopped=lambda: len(seen) >= 12, watch=seen.append)
    assert aws.export(controls=stopping).outcome == "stopped"
    assert aws.stored() == []
    assert aws.uploads() == []
    assert aws.published == []


def test_a_table_deleted_between_two_runs_fails_as_not_found_and_leaves_nothing(
    aws: World,
) -> None:
    aws.fill(40)
    aws.begin()
    aws.export(controls=ending_after(12))
    aws.dynamodb.delete_table(TableName=TABLE)
    with pytest.raises(NotFoundError):
        aws.export()
    assert aws.stored() == []
    assert aws.uploads() == []


def test_a_run_that_cannot_get_a_page_in_all_its_time_fails(aws: World) -> None:
    aws.fill(10)
    with pytest.raises(JobError, match="no page"):
        aws.export(controls=Controls(time_left=iter([900.0, *[1.0] * 99]).__next__))


@pytest.mark.parametrize("call", ["CreateMultipartUpload", "UploadPart", "PutObject"])
def test_an_error_of_s3_fails_and_the_repetition_goes_on(aws: World, call: str) -> None:
    expected = whole(aws)
    aws.begin()
    broken = refusing(aws.clients.store.client, call, "InternalError", 500)
    with broken, pytest.raises(AwsError, match="request id R-1"):
        aws.export()
    assert aws.kinds()[-1] == "TableExportFailed"
    assert aws.stored("raw/") == []
    aws.export()
    assert read_and_delete(aws) == expected


def test_a_throttled_run_fails_as_such_and_the_repetition_goes_on(aws: World) -> None:
    expected = whole(aws)
    aws.begin()
    aws.export(controls=ending_after(9))
    slow = refusing(aws.clients.dynamodb, "Scan", "ProvisionedThroughputExceededException", 400)
    with slow, pytest.raises(ThrottledError, match=r"^Rate limit exceeded\. Please retry later"):
        aws.export()
    aws.export()
    assert read_and_delete(aws) == expected


def test_a_limit_holds_in_every_run_and_loses_nothing(aws: World) -> None:
    limited = {TABLE: {"mode": "scan", "read_limit": {"items_per_second": 300}}}
    aws.variables["TABLES"] = json.dumps(limited)
    aws.fill(40)
    aws.begin()
    aws.export(controls=ending_after(9))
    aws.export(only_continue=True)
    assert {item["n"] for item in aws.items()} == set(range(40))


def test_positions_of_binary_keys_survive_the_way_through_a_state(aws: World) -> None:
    aws.dynamodb.delete_table(TableName=TABLE)
    aws.dynamodb.create_table(
        TableName=TABLE,
        KeySchema=[
            {"AttributeName": "id", "KeyType": "HASH"},
            {"AttributeName": "at", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "N"},
            {"AttributeName": "at", "AttributeType": "B"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    aws.put({"id": {"N": f"{n % 2}.5"}, "at": {"B": bytes([n, 255 - n])}} for n in range(20))
    aws.begin()
    while aws.export(controls=ending_after(2)).outcome == "partial":
        pass
    assert len({item["at"] for item in aws.items()}) == 20

"""Streams of JSON lines in a bucket: whole or not at all, and read whatever happens on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError, ResponseStreamingError
from hypothesis import given, settings
from hypothesis import strategies as st
from moto import mock_aws

from batchworks.errors import JobError
from nas_sync import objects
from nas_sync import store as module
from nas_sync.errors import AccessDenied, AwsUnavailable, MissingObject, ObjectChanged
from nas_sync.store import Store

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ROWS = [{"key": f"monthly-sync/見積書 {n}.pdf", "size": n} for n in range(150)]


@pytest.fixture(scope="module")
def s3() -> Iterator[S3Client]:
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="raw")
        yield client


@pytest.fixture
def store(s3: S3Client) -> Store:
    return Store(s3, "raw")


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks and slices of few bytes, so that few rows need many."""
    monkeypatch.setattr(objects, "_BLOCK", 101)
    monkeypatch.setattr(module, "_SLICE", 37)


class Faulty:
    """A client, some of whose calls do something else."""

    def __init__(self, client: S3Client, **calls: Callable[..., Any]) -> None:
        self._client, self._calls = client, calls

    def __getattr__(self, name: str) -> Any:
        return self._calls.get(name) or getattr(self._client, name)


def refusal(code: str, status: int) -> ClientError:
    answer: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "GetObject")


def failing(error: Exception) -> Callable[..., Any]:
    def call(**_: object) -> Any:
        raise error

    return call


@pytest.mark.parametrize("key", ["rows.jsonl", "rows.jsonl.gz"])
@pytest.mark.usefixtures("small")
def test_what_was_written_is_read_whatever_the_size_of_blocks(store: Store, key: str) -> None:
    assert store.write_lines(key, ROWS) == len(ROWS)
    assert list(store.lines(key)) == ROWS


@settings(max_examples=50)
@given(st.lists(st.dictionaries(st.text(), st.text() | st.integers(0, 2**53))))
def test_any_rows_come_back_as_they_were(s3: S3Client, rows: list[dict[str, Any]]) -> None:
    for key in ("any.jsonl", "any.jsonl.gz"):
        Store(s3, "raw").write_lines(key, rows)
        assert list(Store(s3, "raw").lines(key)) == rows


def test_a_long_stream_goes_up_in_parts(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "_PART", 5 * 1024 * 1024)
    rows = [{"text": f"{number}" * 100_000} for number in range(60)]
    store.write_lines("long.jsonl", rows)
    assert store.s3.head_object(Bucket="raw", Key="long.jsonl")["ETag"].endswith('-3"')
    assert list(store.lines("long.jsonl")) == rows


@pytest.mark.usefixtures("small")
def test_a_stream_that_is_not_finished_never_appears(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "_PART", 1000)

    def write() -> None:
        with store.writing("half.jsonl") as out:
            for row in ROWS:
                out.write(row)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write()
    assert not store.exists("half.jsonl")
    assert "Uploads" not in store.s3.list_multipart_uploads(Bucket="raw")


@pytest.mark.usefixtures("small")
def test_a_connection_that_breaks_while_a_stream_is_read_is_made_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write_lines("rows.jsonl.gz", ROWS)
    calls = 0

    class Broken:
        def read(self) -> bytes:
            raise ResponseStreamingError(error="reset by peer")

    def get(**how: Any) -> Any:
        nonlocal calls
        calls += 1
        answer: dict[str, Any] = dict(store.s3.get_object(**how))
        return answer | {"Body": Broken()} if calls % 5 == 3 else answer

    monkeypatch.setattr("time.sleep", lambda _: None)
    faulty: Any = Faulty(store.s3, get_object=get)
    assert list(Store(faulty, "raw").lines("rows.jsonl.gz")) == ROWS
    assert calls > 10


@pytest.mark.usefixtures("small")
def test_a_stream_that_changes_while_it_is_read_is_no_mixture(store: Store) -> None:
    store.write_lines("rows.jsonl", ROWS)
    rows = store.lines("rows.jsonl")
    next(rows)
    store.write_lines("rows.jsonl", reversed(ROWS))
    with pytest.raises(ObjectChanged, match=r"rows\.jsonl"):
        list(rows)


@pytest.mark.parametrize("damage", [lambda b: b[:-9], lambda b: b[:30] + b"\xff" * 9 + b[39:]])
def test_a_damaged_stream_is_told_by_name(store: Store, damage: Callable[[bytes], bytes]) -> None:
    store.write_lines("rows.jsonl.gz", ROWS)
    body = store.s3.get_object(Bucket="raw", Key="rows.jsonl.gz")["Body"].read()
    store.s3.put_object(Bucket="raw", Key="rows.jsonl.gz", Body=damage(body))
    with pytest.raises(JobError, match=r"s3://raw/rows\.jsonl\.gz is damaged"):
        list(store.lines("rows.jsonl.gz"))


def test_a_line_that_is_no_json_is_told_by_its_number(store: Store) -> None:
    store.s3.put_object(Bucket="raw", Key="bad.jsonl", Body=b'{"a": 1}\n{"a"\n')
    with pytest.raises(JobError, match=r"line 2 of s3://raw/bad\.jsonl is no JSON"):
        list(store.lines("bad.jsonl"))


@pytest.mark.usefixtures("small")
def test_json_of_any_size_comes_back(store: Store) -> None:
    values: list[Any] = [{"rows": ROWS}, {}, []]
    for value in values:
        store.write_json("value.json", value)
        assert store.read_json("value.json") == value


def test_json_that_fits_a_block_is_read_in_one_request(store: Store) -> None:
    store.write_json("value.json", {"rows": ROWS})
    asked = []

    def get(**how: Any) -> Any:
        asked.append(how["Range"])
        return store.s3.get_object(**how)

    counting: Any = Faulty(store.s3, get_object=get)
    assert Store(counting, "raw").read_json("value.json") == {"rows": ROWS}
    assert len(asked) == 1


def test_what_is_not_there_is_told(store: Store) -> None:
    assert store.find_json("absent.json") is None
    assert not store.exists("absent.json")
    for read in (store.read_json, lambda key: list(store.lines(key))):
        with pytest.raises(MissingObject, match=r"s3://raw/absent\.json"):
            read("absent.json")


def test_an_object_is_replaced_only_while_it_is_what_was_seen(store: Store) -> None:
    store.replace_json("previous.json", 1, None)
    seen = store.find_json("previous.json")
    with pytest.raises(ObjectChanged):
        store.replace_json("previous.json", 2, None)
    store.replace_json("previous.json", 3, seen)
    with pytest.raises(ObjectChanged):
        store.replace_json("previous.json", 4, seen)
    assert store.read_json("previous.json") == 3


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("AccessDenied", 403, AccessDenied),
        ("SlowDown", 503, AwsUnavailable),
        ("InternalError", 500, AwsUnavailable),
        ("InvalidBucketName", 400, JobError),
    ],
)
def test_a_refusal_names_the_object_and_is_of_the_kind_that_the_state_machine_knows(
    store: Store, code: str, status: int, kind: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    faulty: Any = Faulty(store.s3, get_object=failing(refusal(code, status)))
    with pytest.raises(kind, match="s3://raw/x") as caught:
        Store(faulty, "raw").read_json("x")
    assert type(caught.value) is kind


def test_keys_are_listed_in_the_order_of_their_bytes(store: Store) -> None:
    names = ["list/a", "list/a/b", "list/a0", "list/é", "list/見", "list/\U0001f600"]
    for name in reversed(names):
        store.s3.put_object(Bucket="raw", Key=name, Body=b"")
    assert list(store.keys("list/")) == names

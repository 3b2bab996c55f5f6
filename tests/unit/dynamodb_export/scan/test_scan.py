"""Pages are read past botocore's parser; what it guards against is guarded against still."""

from __future__ import annotations

import json
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from dynamodb_export.errors import AwsError, NotFoundError, ServiceError, ThrottledError
from dynamodb_export.scan import reading
from dynamodb_export.scan.reading import Place
from tests.unit.dynamodb_export.scan.world import TABLE, World, refusing

PAGE = {
    "Items": [{"id": {"S": "a"}, "n": {"N": "1.50"}}],
    "Count": 1,
    "LastEvaluatedKey": {"id": {"S": "a"}},
    "ConsumedCapacity": {"TableName": TABLE, "CapacityUnits": 0.5},
}


def answer(status: int, content: dict[str, Any], checksum: int | None = None) -> tuple[Any, ...]:
    body = json.dumps(content).encode()
    return status, body, zlib.crc32(body) if checksum is None else checksum


@contextmanager
def server(monkeypatch: pytest.MonkeyPatch, *answers: tuple[Any, ...]) -> Iterator[list[Any]]:
    """Gives these answers in turn; yields the requests."""
    left, requests = list(answers), []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            status, body, checksum = left.pop(0)
            self.send_response(status)
            self.send_header("Content-Length", f"{len(body)}")
            self.send_header("x-amz-crc32", f"{checksum}")
            self.send_header("x-amzn-RequestId", f"ID-{len(requests)}")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{running.server_port}")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-1")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
        yield requests
        running.shutdown()


def test_a_page_is_read_as_it_travels(monkeypatch: pytest.MonkeyPatch) -> None:
    with server(monkeypatch, answer(200, PAGE)) as requests:
        start = Place(2, {"id": {"S": "s"}, "at": {"B": "AP8="}, "n": {"N": "1"}})
        got = reading.read(reading.fetch(reading.client(4), TABLE, start, 4, 7), TABLE)
    assert got.items == PAGE["Items"]
    assert got.position == {"id": {"S": "a"}}
    assert got.units == 0.5
    assert requests == [
        {
            "TableName": TABLE,
            "Segment": 2,
            "TotalSegments": 4,
            "Limit": 7,
            "ReturnConsumedCapacity": "TOTAL",
            "ExclusiveStartKey": {"id": {"S": "s"}, "at": {"B": "AP8="}, "n": {"N": "1"}},
        }
    ]


@pytest.mark.parametrize(
    "trouble",
    [
        answer(500, {"__type": "x#InternalServerError", "message": "no"}),
        answer(503, {"__type": "x#ServiceUnavailable", "message": "no"}),
        answer(200, PAGE, checksum=7),
    ],
    ids=["500", "503", "damaged"],
)
def test_what_passes_by_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, trouble: tuple[Any, ...]
) -> None:
    with server(monkeypatch, trouble, answer(200, PAGE)) as requests:
        got = reading.fetch(reading.client(1), TABLE, Place(0), 1, None)
    assert reading.read(got, TABLE).items == PAGE["Items"]
    assert len(requests) == 2


def test_a_throttled_page_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    throttled = {"__type": "x#ProvisionedThroughputExceededException", "message": "slow"}
    with server(monkeypatch, answer(400, throttled), answer(200, PAGE)) as requests:
        reading.fetch(reading.client(1), TABLE, Place(0), 1, None)
    assert len(requests) == 2


@pytest.mark.parametrize(
    ("code", "kind", "text"),
    [
        (
            "ProvisionedThroughputExceededException",
            ThrottledError,
            r"^Rate limit exceeded\. Please retry later\. .*429",
        ),
        ("ThrottlingException", ThrottledError, "429"),
        ("ThrottledException", ThrottledError, "429"),
        ("RequestLimitExceeded", ThrottledError, "429"),
        ("ResourceNotFoundException", NotFoundError, r"^Resource not found\. .*404"),
        ("AccessDeniedException", ServiceError, "500, AccessDeniedException"),
    ],
)
def test_what_stays_is_told_by_kind_with_the_request_id(
    aws: World, code: str, kind: type[AwsError], text: str
) -> None:
    client = aws.clients.dynamodb
    with refusing(client, "Scan", code, 400), pytest.raises(kind, match=text) as failure:
        reading.fetch(client, TABLE, Place(0), 1, None)
    assert failure.value.request_id == "R-1"
    assert "request id R-1" in str(failure.value)
    assert f"segment 0 of the table {TABLE}" in str(failure.value)


def test_nobody_there_is_told_with_what_to_look_at(monkeypatch: pytest.MonkeyPatch) -> None:
    with server(monkeypatch):
        client = reading.client(1)
    with pytest.raises(ServiceError, match="Does the network lead to AWS"):
        reading.fetch(client, TABLE, Place(0), 1, None)


@pytest.mark.parametrize("body", [b"", b"{", b'{"Count": 1}'])
def test_half_a_page_is_no_page(body: bytes) -> None:
    with pytest.raises(ServiceError, match=r"not whole.*request id R"):
        reading.read(reading.Answer(body, "R"), TABLE)

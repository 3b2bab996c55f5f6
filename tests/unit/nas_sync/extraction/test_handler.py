"""`TextExtractor` as the state machine calls it: real files, the real worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from batchworks.errors import JobError, SettingsError
from nas_sync.handlers import text
from tests.unit.lambda_context import Context
from tests.unit.nas_sync.extraction.conftest import BATCH, WORK, Bucket
from tests.unit.nas_sync.invoking import Lines, lines, listen
from tests.unit.nas_sync.text import made

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

__all__ = ["lines", "listen"]  # fixtures

Invoke = Callable[..., dict[str, Any]]
CALL = {"batch": BATCH, "work": WORK}


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"RAW_BUCKET": "raw", "MAX_TEXT_CHARACTERS": "10", "NAS_LOCATION": "//nas/share/"}
    for name, value in given.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(autouse=True, scope="module")
def no_worker_is_left() -> Iterator[None]:
    yield
    text._worker(10, 1536).close()


@pytest.fixture
def invoke(listen: Callable[[Logger], None]) -> Invoke:
    """Calls the function."""

    def call(event: object, milliseconds: int = 120_000) -> dict[str, Any]:
        listen(text.logger)
        context: Any = Context(milliseconds=milliseconds)
        return text.run(event, context)

    return call


def test_reads_documents_and_says_how_it_ended(
    bucket: Bucket, invoke: Invoke, lines: Lines
) -> None:
    bucket.plan(
        bucket.put("a.pdf", made.pdf("令和八年十一月の見積書です。")),
        bucket.put("b.docx", made.locked(made.word("秘密"))),
        bucket.put("c.txt", "東京都".encode("cp932")),
    )
    answer = invoke(CALL)
    assert answer == {"done": True, "files": 3, "indexed": 2, "skipped": 1, "failed": 0}
    first, second, third = bucket.results()
    assert (first["text"], first["truncated"]) == ("令和八年十一月の見積", True)
    assert (second["status"], second["reason"]) == ("skipped", "encrypted")
    assert third["text"] == "東京都"
    last = lines()[-1]
    assert (last["outcome"], last["batch"], last["files"]) == ("complete", BATCH, 3)


def test_a_call_without_time_is_partial(bucket: Bucket, invoke: Invoke, lines: Lines) -> None:
    bucket.plan(bucket.put("a.txt", b"a"), bucket.put("b.txt", b"b"))
    answer = invoke(CALL, milliseconds=5_000)
    assert answer["done"] is False
    assert lines()[-1]["outcome"] == "partial"


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ([], "no JSON object"),
        ({"work": WORK}, "no field batch"),
        ({"batch": BATCH}, "no field work"),
        ({"batch": "exec-1", "work": WORK}, "field work is .* has to be a key of work/exec-1/"),
    ],
)
@pytest.mark.usefixtures("bucket")
def test_names_what_is_wrong_with_a_call(invoke: Invoke, call: Any, told: str) -> None:
    with pytest.raises(JobError, match=told):
        invoke(call)


@pytest.mark.usefixtures("bucket")
def test_names_a_setting_that_is_wrong(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXTRACTION_SECONDS", "soon")
    with pytest.raises(SettingsError, match="EXTRACTION_SECONDS is 'soon'"):
        invoke(CALL)

"""Each file of a work file gets one result, in its order, whatever happens on the way."""

from __future__ import annotations

import json
import logging
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, ResponseStreamingError

from nas_sync import keys
from nas_sync.errors import AccessDenied, AwsUnavailable
from nas_sync.extraction import work
from nas_sync.extraction.answers import Answer, refusal
from nas_sync.extraction.settings import Limits
from nas_sync.extraction.work import OUT_OF_MEMORY, Bench
from tests.unit.nas_sync.extraction.conftest import BATCH, NAME, WORK, Bucket

LIMITS = Limits(file_bytes=1_000, seconds=60, memory_mb=512, nas_location="//nas/share/")


@dataclass
class Reader:
    """Reads files as text. A file that says `timeout 20` takes that many seconds."""

    left: float = 120
    seen: list[str] = field(default_factory=list)
    allowed: list[float] = field(default_factory=list)
    in_folder: list[int] = field(default_factory=list)  # bytes

    def read(self, path: Path, name: str, seconds: float) -> Answer:
        self.seen.append(name)
        self.allowed.append(seconds)
        self.in_folder.append(sum(each.stat().st_size for each in path.parent.iterdir()))
        text = path.read_text()
        order, _, argument = text.partition(" ")
        if order == "takes":
            self.left -= min(float(argument), seconds)
            if float(argument) > seconds:
                return refusal("timeout", "too long")
        if order == "refuse":
            return refusal(argument, "because")
        return {"status": "indexed", "text": text, "truncated": False}

    def run(self, bucket: Bucket, left: float = 120, limits: Limits = LIMITS) -> dict[str, Any]:
        self.left = left
        bench = Bench(bucket.store, limits, self.read, lambda: self.left)
        return work.run(bench, BATCH, WORK)


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenacity.nap.time.sleep", lambda _: None)


def test_gives_every_file_a_result_with_what_is_known_of_it(bucket: Bucket, reader: Reader) -> None:
    known = {"file-mtime": "1700000000000000000ns", "source-path": "//nas/other/a.txt"}
    rows = [bucket.put("営業部/a.txt", b"one", known), bucket.put("営業部/b.txt", b"two")]
    bucket.plan(*rows)
    answer = reader.run(bucket)
    assert answer == {"done": True, "files": 2, "indexed": 2, "skipped": 0, "failed": 0}
    first, second = bucket.results()
    assert first == {
        "key": "monthly-sync/営業部/a.txt",
        "size": 3,
        "etag": rows[0]["etag"],
        "status": "indexed",
        "text": "one",
        "truncated": False,
        "modified": "2023-11-14T22:13:20Z",
        "nas_path": "//nas/other/a.txt",
    }
    assert second["nas_path"] == "//nas/share/営業部/b.txt"
    assert "modified" not in second
    assert reader.seen == ["a.txt", "b.txt"]


def test_lists_problems_before_it_says_that_they_are_done(bucket: Bucket, reader: Reader) -> None:
    bucket.plan(
        bucket.put("a.pdf", b"refuse encrypted"),
        bucket.put("b.pdf", b"fine"),
        bucket.put("c.pdf", b"refuse corrupt"),
    )
    written: list[str] = []
    bucket.store.s3.meta.events.register(
        "before-call.s3.PutObject", lambda params, **_: written.append(params["url_path"])
    )
    answer = reader.run(bucket)
    assert answer == {"done": True, "files": 3, "indexed": 1, "skipped": 1, "failed": 1}
    assert ["problems" in path for path in written] == [True, False]
    problems = list(bucket.store.lines(keys.problems(BATCH, NAME, 0, 3)))
    assert [(row["key"], row["status"], row["reason"], row["detail"]) for row in problems] == [
        ("monthly-sync/a.pdf", "skipped", "encrypted", "because"),
        ("monthly-sync/c.pdf", "failed", "corrupt", "because"),
    ]


def test_neither_downloads_nor_reads_what_needs_no_reading(bucket: Bucket, reader: Reader) -> None:
    known = {"file-mtime": "1700000000s"}
    bucket.plan(
        bucket.put("a.dwg", b"drawing", known, kind="other"),
        bucket.put("empty.pdf", b"", known),
        bucket.put("big.pdf", b"x" * 1_001, known),
    )
    calls: list[str] = []
    bucket.store.s3.meta.events.register(
        "before-call.s3", lambda model, **_: calls.append(model.name)
    )
    assert reader.run(bucket)["done"]
    assert reader.seen == []
    assert calls.count("HeadObject") == 3
    found = bucket.results()
    assert [row.get("reason") for row in found] == [None, "empty", "too_large"]
    assert [row["status"] for row in found] == ["indexed", "skipped", "skipped"]
    assert {row["modified"] for row in found} == {"2023-11-14T22:13:20Z"}


@pytest.mark.parametrize("kind", ["document", "other"])
def test_tells_files_that_are_gone_or_changed_since_the_scan(
    bucket: Bucket, reader: Reader, kind: Any
) -> None:
    rows = [bucket.put(name, b"text", kind=kind) for name in ("a", "b", "c")]
    bucket.plan(*rows)
    bucket.store.s3.delete_object(Bucket="raw", Key=rows[0]["key"])
    bucket.put("b", b"other")
    answer = reader.run(bucket)
    assert answer == {"done": True, "files": 3, "indexed": 1, "skipped": 0, "failed": 2}
    assert [row.get("reason") for row in bucket.results()] == ["gone", "changed_meanwhile", None]


def test_goes_on_behind_the_parts_that_are_there(bucket: Bucket, reader: Reader) -> None:
    bucket.plan(*[bucket.put(f"{n}.txt", b"takes 40") for n in range(6)])
    answers = [reader.run(bucket) for _ in range(4)]
    assert [answer["done"] for answer in answers] == [False, False, True, True]
    assert [answer["files"] for answer in answers] == [2, 2, 2, 0]
    assert [row["key"] for row in bucket.results()] == [f"monthly-sync/{n}.txt" for n in range(6)]
    assert bucket.names("results/") == [
        "00000-00002.jsonl.gz",
        "00002-00004.jsonl.gz",
        "00004-00006.jsonl.gz",
    ]


def test_reads_again_only_what_has_no_result_after_a_kill(bucket: Bucket, reader: Reader) -> None:
    bucket.plan(*[bucket.put(f"{n}.txt", b"refuse corrupt") for n in range(2)])
    bucket.store.write_lines(keys.problems(BATCH, NAME, 0, 1), [])  # killed before its results
    assert reader.run(bucket)["done"]
    assert reader.seen == ["0.txt", "1.txt"]
    assert reader.run(bucket) == {"done": True, "files": 0, "indexed": 0, "skipped": 0, "failed": 0}
    assert len(bucket.results()) == 2


def test_comes_forward_by_a_file_however_little_time_there_is(
    bucket: Bucket, reader: Reader
) -> None:
    bucket.plan(*[bucket.put(f"{n}.txt", b"text") for n in range(2)])
    assert reader.run(bucket, left=1) == {
        "done": False,
        "files": 1,
        "indexed": 1,
        "skipped": 0,
        "failed": 0,
    }


def test_leaves_a_file_that_had_little_time_to_the_next_call(
    bucket: Bucket, reader: Reader
) -> None:
    bucket.plan(bucket.put("0", b"takes 59"), bucket.put("1", b"takes 59"))
    assert reader.run(bucket, left=120) == {
        "done": False,
        "files": 1,
        "indexed": 1,
        "skipped": 0,
        "failed": 0,
    }
    assert reader.run(bucket, left=120)["done"]
    assert [round(seconds) for seconds in reader.allowed] == [60, 51, 60]
    assert [row["status"] for row in bucket.results()] == ["indexed", "indexed"]


def test_gives_a_file_up_that_takes_more_than_it_may(bucket: Bucket, reader: Reader) -> None:
    bucket.plan(bucket.put("0", b"takes 61"), bucket.put("1", b"text"))
    assert reader.run(bucket)["done"]
    assert [row.get("reason") for row in bucket.results()] == ["timeout", None]


def test_holds_no_more_in_tmp_than_one_file_may_take(bucket: Bucket, reader: Reader) -> None:
    bucket.plan(*[bucket.put(f"{n}", b"x" * (300 + n)) for n in range(20)])
    assert reader.run(bucket)["indexed"] == 20
    assert max(reader.in_folder) <= LIMITS.file_bytes


def test_downloads_while_it_reads(bucket: Bucket) -> None:
    bucket.plan(*[bucket.put(f"{n}", b"x") for n in range(9)])
    fetched: list[str] = []
    seen: list[int] = []

    def wait(path: Path, _name: str, _seconds: float) -> Answer:
        if not seen:
            while len(fetched) < 8:  # none of them waits for this one
                pass
        seen.append(len(fetched))
        return {"status": "indexed", "text": path.read_text()}

    bucket.store.s3.meta.events.register("after-call.s3.GetObject", lambda **_: fetched.append(""))
    bench = Bench(bucket.store, LIMITS, wait, lambda: 120)
    fetched.clear()
    assert work.run(bench, BATCH, WORK)["done"]


def test_leaves_nothing_in_tmp(
    bucket: Bucket, reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even what a call left that was killed, whose /tmp Lambda keeps."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for owner in (os.getpid(), 2**22 + 1):  # Linux has no such process
        (tmp_path / f"nas-sync-files-{owner}-x").mkdir()
    of_others = tmp_path / "nas-sync-files-1-x"
    of_others.mkdir()
    bucket.plan(bucket.put("a", b"x"))
    reader.run(bucket)
    assert list(tmp_path.iterdir()) == [of_others]


def test_an_access_that_is_denied_ends_the_step(bucket: Bucket, reader: Reader) -> None:
    bucket.plan(bucket.put("a", b"x"), bucket.put("b", b"y"))
    _answer_reads(bucket, lambda key: _refused("AccessDenied", 403) if key.endswith("a") else None)
    with pytest.raises(AccessDenied, match=r"s3://raw/monthly-sync/a.*check the function's role"):
        reader.run(bucket)
    assert bucket.results() == []


def test_repeats_a_download_that_breaks_off(bucket: Bucket, reader: Reader) -> None:
    bucket.plan(bucket.put("a", b"text"))
    broken = [ResponseStreamingError(error="cut"), ResponseStreamingError(error="cut")]
    _answer_reads(bucket, lambda _: broken.pop() if broken else None)
    assert reader.run(bucket)["indexed"] == 1
    broken += [ResponseStreamingError(error="cut")] * 9
    bucket.plan(bucket.put("a", b"text"), bucket.put("b", b"text"))
    with pytest.raises(AwsUnavailable):
        reader.run(bucket)


def test_an_exhausted_memory_is_told_by_the_words_that_the_alarm_looks_for(
    bucket: Bucket, reader: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    assert OUT_OF_MEMORY == "worker out of memory"
    bucket.plan(bucket.put("a.pdf", b"refuse out_of_memory"), bucket.put("b", b"refuse encrypted"))
    with caplog.at_level(logging.INFO, "nas_sync"):
        reader.run(bucket)
    (line,) = [record for record in caplog.records if record.name.startswith("nas_sync")]
    assert (line.levelname, line.message) == ("ERROR", OUT_OF_MEMORY)
    assert json.loads(json.dumps(line.__dict__["key"])) == "monthly-sync/a.pdf"


def _refused(code: str, status: int) -> ClientError:
    answer: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "GetObject")


def _answer_reads(bucket: Bucket, fault: Callable[[str], Exception | None]) -> None:
    """Let downloads fail as `fault` says."""

    def before(params: dict[str, Any], **_: object) -> None:
        key = params["Key"]
        if key.startswith(keys.DATA) and (error := fault(key)):
            raise error

    bucket.store.s3.meta.events.register("provide-client-params.s3.GetObject", before)

"""A damaged file gives a text or a reason: its reader never fails, dies or hangs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nas_sync import reasons
from nas_sync.extraction.worker import Worker
from tests.unit.nas_sync.text import legacy, made

TEXT = "東京都の見積書です。令和八年の請求書は大阪府へ。"
FILES = [
    ("a.pdf", made.pdf(TEXT)),
    ("a.docx", made.word(TEXT)),
    ("a.xlsx", made.excel(TEXT)),
    ("a.pptx", made.powerpoint(TEXT)),
    ("a.doc", legacy.doc(TEXT)),
    ("a.xls", legacy.xls([[TEXT]], "売上")),
    ("a.ppt", legacy.ppt([TEXT])),
    ("a.txt", TEXT.encode("euc_jp")),
]


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    made = Worker("nas_sync.text.extractor", {"characters": 1_000}, 1_536)
    yield made
    made.close()


@given(st.sampled_from(FILES), st.data())
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_damaged_file_is_answered(
    worker: Worker, tmp_path: Path, file: tuple[str, bytes], data: st.DataObject
) -> None:
    name, body = file
    damaged = bytearray(body)
    for at in data.draw(st.lists(st.integers(0, len(body) - 1), max_size=20)):
        damaged[at] ^= data.draw(st.integers(1, 255))
    path = tmp_path / "0"
    path.write_bytes(damaged[: data.draw(st.integers(1, len(body)))])

    answer = worker.read(path, name, 30)

    if answer["status"] == "indexed":
        assert answer["text"].strip()
    else:
        assert answer["reason"] in reasons.EXPLANATIONS
        assert answer["reason"] not in {"timeout", "crashed"}
        assert 0 < len(answer["detail"]) <= 200

"""Every format's text is read; what can't be read is refused with its reason."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from nas_sync.extraction.answers import Answer, Extract, Unreadable
from nas_sync.text import extractor
from tests.unit.nas_sync.text import legacy, made

TEXT = "令和八年十一月の見積書と請求書を、髙橋様と﨑山様へ送りました。"
OLD = "東京都の見積書です。令和八年の請求書は大阪府へ。"
Read = Callable[[bytes, str], Answer]


@pytest.fixture
def extract() -> Extract:
    return extractor.start({"characters": 50_000})


@pytest.fixture
def read(tmp_path: Path, extract: Extract) -> Read:
    def read(body: bytes, name: str) -> Answer:
        path = tmp_path / "0"  # downloads have no extension
        path.write_bytes(body)
        return extract(path, name)

    return read


@pytest.fixture
def reason(read: Read) -> Callable[[bytes, str], str]:
    def reason(body: bytes, name: str) -> str:
        with pytest.raises(Unreadable) as refused:
            read(body, name)
        assert refused.value.detail
        return refused.value.reason

    return reason


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.pdf", made.pdf(TEXT)),
        ("owner password.pdf", made.pdf(TEXT, owner="o")),
        ("a.docx", made.word(TEXT)),
        ("a.xlsx", made.excel(TEXT)),
        ("a.pptx", made.powerpoint(TEXT)),
        ("a.doc", legacy.doc(TEXT)),
        ("a.xls", legacy.xls([[TEXT], ["品名"]], "売上")),
        ("a.ppt", legacy.ppt([TEXT, "二枚目"])),
        ("a.txt", TEXT.encode("cp932")),
        ("a.rtf.doc", rb"{\rtf1\ansi " + b"".join(rb"\u%d?" % ord(c) for c in TEXT) + b"}"),
    ],
)
def test_reads_the_text_of_every_format(read: Read, name: str, body: bytes) -> None:
    answer = read(body, name)
    assert answer["status"] == "indexed"
    assert TEXT in "".join(answer["text"].split())
    assert answer["truncated"] is False


def test_reads_tables_sheets_and_notes_too(read: Read) -> None:
    assert "表の中" in read(made.word(TEXT), "a.docx")["text"]
    assert "売上表" in read(made.excel(TEXT), "a.xlsx")["text"]
    assert "12.5" in read(made.excel(TEXT), "a.xlsx")["text"]
    assert "ノート欄" in read(made.powerpoint(TEXT), "a.pptx")["text"]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("really docx.pdf", made.word(TEXT)),
        ("really pdf.docx", made.pdf(TEXT)),
        ("really pdf.txt", made.pdf(TEXT)),
        ("really xlsx.doc", made.excel(TEXT)),
        ("really xls.ppt", legacy.xls([[TEXT]], "売上")),
        ("really csv.xls", f"品名,価格\n{TEXT},100\n".encode("cp932")),
    ],
)
def test_reads_a_file_as_what_it_is_whatever_its_extension(
    read: Read, name: str, body: bytes
) -> None:
    assert TEXT in "".join(read(body, name)["text"].split())


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.pdf", made.pdf(TEXT, user="u", owner="o")),
        ("a.docx", made.locked(made.word(TEXT))),
        ("a.xlsx", made.locked(made.excel(TEXT))),
        ("a.pptx", made.locked(made.powerpoint(TEXT))),
        ("a.doc", legacy.doc(TEXT, encrypted=True)),
        ("a.xls", legacy.xls([[TEXT]], "売上", encrypted=True)),
        ("a.ppt", legacy.ppt([TEXT], encrypted=True)),
    ],
)
def test_tells_files_with_a_password(
    reason: Callable[[bytes, str], str], name: str, body: bytes
) -> None:
    assert reason(body, name) == "encrypted"


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        ("half.docx", made.word(TEXT)[:9_000], "corrupt"),
        ("half.pdf", made.pdf(TEXT)[:3_000], "corrupt"),
        ("half.doc", legacy.doc(TEXT)[:1_500], "corrupt"),
        ("noise.pdf", b"\x00\x01\xfe\x93" + bytes(range(256)) * 8, "corrupt"),
        ("scanned.pdf", made.pdf(""), "no_text"),
        ("empty page.docx", made.word(""), "no_text"),
        ("spaces.txt", "　\r\n \t".encode("cp932"), "no_text"),
        ("program.docx", b"MZ" + b"\x90\x00\x03" * 900, "unsupported"),
        ("program.txt", b"MZ" + b"\x90\x00\x03" * 900, "unsupported"),
        ("plain zip.docx", made.archive({"readme.md": b"x"}), "unsupported"),
        ("outlook.doc", legacy.compound({"__properties_version1.0": b""}), "unsupported"),
        ("noise.txt", b"\x00\x01\xfe\x93" + bytes(range(256)) * 8, "unsupported"),
        ("photo.pdf", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "wrong_extension"),
    ],
)
def test_refuses_what_has_no_text_with_its_reason(
    reason: Callable[[bytes, str], str], name: str, body: bytes, expected: str
) -> None:
    assert reason(body, name) == expected


def test_says_that_scanned_pages_are_out_of_scope(read: Read) -> None:
    with pytest.raises(Unreadable, match="recognising text in images is out of scope"):
        read(made.pdf(""), "scan.pdf")


@pytest.mark.parametrize(
    "body",
    [
        made.archive({f"word/{n}": b"" for n in range(20_001)}),
        made.archive({"xl/workbook.xml": b" " * 70_000_000}),  # a thousand times as big
    ],
    ids=["entries", "ratio"],
)
def test_refuses_zip_bombs_before_anything_is_unpacked(
    reason: Callable[[bytes, str], str], body: bytes
) -> None:
    assert reason(body, "bomb.docx") == "bomb"


def test_refuses_what_unpacks_to_more_than_memory_bears(
    reason: Callable[[bytes, str], str],
) -> None:
    body = bytearray(made.archive({"word/a": os.urandom(5_000)}))
    struct.pack_into("<I", body, body.rindex(b"PK\x01\x02") + 24, 600_000_000)
    assert reason(bytes(body), "a.docx") == "bomb"


def test_skips_a_document_with_more_in_it_than_its_reader_takes(
    reason: Callable[[bytes, str], str],
) -> None:
    photo = {"word/media/a.png": os.urandom(1_000_000)}  # so that it is no bomb by its ratio
    body = bytearray(made.archive({**_entries(made.word(TEXT)), **photo}))
    entry = body.rindex(b"word/document.xml") - 46  # of the central directory
    struct.pack_into("<I", body, entry + 24, 110_000_000)
    assert reason(bytes(body), "a.docx") == "too_large"


def test_refuses_entries_that_share_their_bytes(reason: Callable[[bytes, str], str]) -> None:
    body = bytearray(made.archive({"word/a": os.urandom(5_000), "word/b": os.urandom(5_000)}))
    second = body.rindex(b"PK\x01\x02")
    struct.pack_into("<I", body, second + 42, 0)  # where its bytes are
    assert reason(bytes(body), "a.docx") == "bomb"


def test_refuses_an_archive_with_a_password(reason: Callable[[bytes, str], str]) -> None:
    body = bytearray(made.archive({"word/document.xml": b"x"}))
    body[body.rindex(b"PK\x01\x02") + 8] |= 1
    assert reason(bytes(body), "a.docx") == "encrypted"


def test_takes_an_archive_of_an_impossible_version_for_a_damaged_one(
    reason: Callable[[bytes, str], str],
) -> None:
    body = bytearray(made.archive({"word/document.xml": b"x"}))
    body[body.rindex(b"PK\x01\x02") + 6] = 200
    assert reason(bytes(body), "a.docx") == "corrupt"


def test_keeps_files_in_files_closed(read: Read) -> None:
    inner = made.word("中のファイルの文章")
    answer = read(made.archive({**_entries(made.word(TEXT)), "word/embeddings/a.docx": inner}), "a")
    assert TEXT in answer["text"]
    assert "中のファイル" not in answer["text"]


def test_cuts_a_long_text_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "0"
    path.write_text("あ" * 1_001, "utf-8")
    answer = extractor.start({"characters": 1_000})(path, "a.txt")
    assert answer["text"] == "あ" * 1_000
    assert answer["truncated"] is True


def test_reads_only_the_beginning_of_a_huge_text_file(tmp_path: Path) -> None:
    path = tmp_path / "0"
    path.write_bytes("議事録\r\n".encode("cp932") * 400_000)
    answer = extractor.start({"characters": 10})(path, "a.txt")
    assert answer["text"].startswith("議事録")
    assert answer["truncated"] is True


def _entries(office: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(office)) as file:
        return {name: file.read(name) for name in file.namelist()}

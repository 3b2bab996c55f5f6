"""Text of Japan is read whatever its encoding: 20 characters are enough to tell them apart."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nas_sync.text import charset

WORDS = (  # noqa: SIM905 - read as words
    "東京都 大阪府 見積書 請求書 株式会社 令和八年 会議 議事録 作成 保存 確認 担当 部長 田中 鈴木 "
    "の は が を に で と も へ から です。 ます。 した、 している こと について ください "
    "お願いします データ システム サーバー ファイル プリンター ネットワーク 2026年 "
    "11月 22日 100円 ABC (株) 「 」 （ ） ・ ー ： abc,def 0120-123-456 \r\n"
).split(" ")
MARKED = ["utf-8-sig", "utf-16", "utf-32"]
UNMARKED = ["utf-8", "cp932", "euc_jp", "iso2022_jp", "utf-16-le", "utf-16-be"]

sentences = (
    st.lists(st.sampled_from(WORDS), min_size=12, max_size=60)
    .map("".join)
    .filter(lambda text: len(text) >= 20 and not text.isascii())
)


@pytest.mark.parametrize("encoding", [*MARKED, *UNMARKED])
@given(text=sentences)
@settings(max_examples=100, deadline=None)
def test_reads_every_encoding_of_japan(encoding: str, text: str) -> None:
    assert charset.decode(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", UNMARKED)
@given(text=sentences, lost=st.integers(1, 3))
@settings(max_examples=30, deadline=None)
def test_reads_the_beginning_of_a_text_cut_in_the_middle_of_a_character(
    encoding: str, text: str, lost: int
) -> None:
    data = (text * 3).encode(encoding)
    found = charset.decode(data[:-lost], whole=False)
    assert (text * 2)[:-3] in found


@pytest.mark.parametrize(
    "text",
    [
        "髙橋様と﨑山様へ、①見積書②請求書を送ります。㈱東京商事",  # characters of Windows alone
        "ｶ)ﾔﾏﾀﾞｼﾖｳｼﾞ 1234567 ﾌﾂｳ ﾀﾅｶ ﾀﾛｳ",  # half width, as banks write
        "これはﾃｽﾄです。ﾃﾞｰﾀを保存しました",
    ],
)
def test_reads_what_windows_writes(text: str) -> None:
    assert charset.decode(text.encode("cp932")) == text
    assert charset.decode(text.encode()) == text


def test_reads_mails_with_characters_of_windows() -> None:
    text = "①見積書㈱髙橋"
    kanji = b"".join(_jis(character) for character in text)
    assert charset.decode(b"\x1b$B" + kanji + b"\x1b(B\r\nabc \x1b(I6\x1b(B") == f"{text}\r\nabc ｶ"


def test_reads_a_text_with_a_damaged_character() -> None:
    data = "価格の一覧です。壊れた文字が一つあります。ほかは読めます。".encode("cp932") * 4
    assert "壊れた文字" in charset.decode(data[:100] + b"\x81\x00"[:1] + b"\x20" + data[100:])


def test_leaves_other_languages_to_the_detector() -> None:
    german = "Grüße aus München, schöne Straße und größere Häuser"
    russian = "Привет, как дела? Это обычный русский текст."
    assert charset.decode(german.encode("cp1252")) == german
    assert charset.decode(russian.encode("cp1251")) == russian


@pytest.mark.parametrize("data", [b"", b"a", b"hello, world\r\n", b"end of file\x1a"])
def test_reads_ascii(data: bytes) -> None:
    assert charset.decode(data) == data.decode()


@given(st.binary())
@settings(deadline=None)
def test_never_fails_otherwise_than_by_saying_that_it_is_no_text(data: bytes) -> None:
    with contextlib.suppress(charset.UnknownCharsetError):
        charset.decode(data)


def test_refuses_what_is_no_text() -> None:
    with pytest.raises(charset.UnknownCharsetError):
        charset.decode(bytes(range(256)) * 4)


def _jis(character: str) -> bytes:
    """The two bytes of ISO-2022-JP, from those of Shift_JIS."""
    lead, trail = character.encode("cp932")
    row = (lead - (0x81 if lead < 0xA0 else 0xC1)) * 2 + 0x21
    if trail >= 0x9F:
        return bytes((row + 1, trail - 0x7E))
    return bytes((row, trail - (0x1F if trail < 0x7F else 0x20)))

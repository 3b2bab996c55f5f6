"""Word's files of the years before 2007 are read as the file says, not as they look."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nas_sync.text import word97
from nas_sync.text.compound import Compound, DamagedError
from tests.unit.nas_sync.text import legacy

Piece = tuple[str, bool]  # a text, and whether it takes one byte a character


def pieced(pieces: list[Piece], *, version: int = 0x00C1, properties: int = 0) -> bytes:
    """A Word file whose text is saved in pieces, as Word's fast saving does."""
    at, body, places, positions = 2048, b"", b"", [0]
    for text, narrow in pieces:
        begin = at + len(body)
        body += text.encode("cp1252" if narrow else "utf-16-le")
        places += struct.pack("<HIH", 0, 0x40000000 | begin * 2 if narrow else begin, 0)
        positions.append(positions[-1] + len(text))
    table = struct.pack(f"<{len(positions)}I", *positions) + places
    lists = (b"\x01" + struct.pack("<H", 4) + b"\2\2\2\2") * properties
    clx = lists + b"\x02" + struct.pack("<I", len(table)) + table
    head = bytearray(at)
    struct.pack_into("<HHHHHH", head, 0, 0xA5EC, version, 0, 0x0411, 0, 0x0200)
    struct.pack_into("<II", head, 0x18, at, at + len(body))
    struct.pack_into("<II", head, 0x01A2, 100, len(clx))
    return legacy.compound({"WordDocument": bytes(head) + body, "1Table": bytes(100) + clx})


japanese = st.text(st.sampled_from("東京都の見積書です。令和八年のデータ、髙﨑①ｱＡ\t"), min_size=1)
western = st.text(st.sampled_from("abcdefgh ABC 0123.,é"), min_size=1)
pieces = st.lists(
    st.one_of(st.tuples(japanese, st.just(False)), st.tuples(western, st.just(True))), min_size=1
)


@given(pieces, st.integers(0, 2))
@settings(max_examples=50, deadline=None)
def test_reads_pieces_of_both_widths(given: list[Piece], properties: int) -> None:
    file = Compound(pieced(given, properties=properties))
    assert word97.text(file) == "".join(text for text, _ in given).replace("\xa0", " ")


def test_shows_what_a_field_shows_and_not_what_it_computes() -> None:
    text = "合計\x13 =SUM(ABOVE) \\* MERGEFORMAT \x14壱万円\x15です。\r表\x07終\x0c"
    assert word97.text(Compound(pieced([(text, False)]))) == "合計壱万円です。\n表\t終\n"


def test_reads_the_encoding_of_japan_in_files_of_word_6() -> None:
    text = "平成七年の議事録です。東京都の見積書を保存しました。"
    body = text.encode("cp932")
    head = bytearray(2048)
    struct.pack_into("<HH", head, 0, 0xA5DC, 0x65)
    struct.pack_into("<II", head, 0x18, 2048, 2048 + len(body))
    file = legacy.compound({"WordDocument": bytes(head) + body})
    assert word97.text(Compound(file)) == text


@pytest.mark.parametrize("cut", [0, 10, 600, 1_500, 2_600])
def test_says_that_a_cut_off_file_is_damaged(cut: int) -> None:
    with pytest.raises(DamagedError):
        word97.text(Compound(legacy.doc("東京都")[:cut]))


def test_reads_short_streams_which_lie_in_another_one() -> None:
    """One sector of 512 bytes holds eight of 64."""
    directory = b"".join(
        struct.pack(
            "<64sHBBIII16xIQQIQ",
            *(name.encode("utf-16-le"), 2 * len(name) + 2, kind, 1, none, none, child),
            *(0, 0, 0, start, size),
        )
        for none in [0xFFFFFFFF]
        for name, kind, child, start, size in [
            ("Root Entry", 5, 1, 2, 192),
            ("Short", 2, none, 1, 100),
        ]
    ).ljust(512, b"\0")
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        *(bytes.fromhex("D0CF11E0A1B11AE1"), 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0),
        *(4096, 3, 1, 0xFFFFFFFE, 0),
    )
    end = 0xFFFFFFFE
    fat = struct.pack("<128I", 0xFFFFFFFD, end, end, end, *[0xFFFFFFFF] * 124)
    stream = (b"\0" * 64 + b"a" * 64 + b"b" * 64).ljust(512, b"\0")
    minifat = struct.pack("<128I", end, 2, end, *[0xFFFFFFFF] * 125)
    difat = struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    file = Compound(b"".join([header, difat, fat, directory, stream, minifat]))
    assert file.read("Short") == b"a" * 64 + b"b" * 36
    assert file.names == {"Short"}

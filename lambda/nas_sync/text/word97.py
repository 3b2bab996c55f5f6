"""Reads the text of Word files of the years before 2007, piece by piece.

[MS-DOC]: https://learn.microsoft.com/openspecs/office_file_formats/ms-doc/ (FIB, Clx, PlcPcd).
kreuzberg takes some Japanese for Western text here: it guesses each piece's encoding, which the
file says.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from nas_sync.text import charset
from nas_sync.text.compound import Compound, DamagedError

_WORD_97 = 0x00C0  # nFib of earlier ones is lower
_TABLE_1, _COMPLEX = 0x0200, 0x0004
_CLX = 0x01A2  # where the header says where the pieces are listed
_COMPRESSED = 0x40000000  # one byte a character
# A field's instruction stands between 0x13 and 0x14 (or 0x15), what it shows from there on.
_INSTRUCTION = re.compile(r"\x13[^\x13\x14\x15]*[\x14\x15]?")
_SHOWN_AS = {
    0x07: "\t",  # a table's cell ends
    0x0B: "\n",
    0x0C: "\n",
    0x0D: "\n",
    0x1E: "-",
    0xA0: " ",
    **dict.fromkeys((*range(7), 8, 14, 15, *range(16, 30), 31)),
}


def text(file: Compound) -> str:
    """What is written in a Word file: body, notes, headers, text boxes.

    Args:
        file: the file.

    Raises:
        DamagedError: the file contradicts itself.
    """
    stream = file.read("WordDocument")
    try:
        version, flags = struct.unpack_from("<H6xH", stream, 2)
        raw = "".join(_pieces(file, stream, flags)) if version >= _WORD_97 else _old(stream, flags)
    except struct.error as error:
        raise DamagedError("it ends too early") from error
    return _INSTRUCTION.sub("", raw).translate(_SHOWN_AS)


def _old(stream: bytes, flags: int) -> str:
    if flags & _COMPLEX:
        raise DamagedError("a Word 6 file that was saved fast: save it with a newer Word")
    begin, end = struct.unpack_from("<II", stream, 0x18)
    return charset.decode(stream[begin:end])


def _pieces(file: Compound, stream: bytes, flags: int) -> Iterator[str]:
    begin, size = struct.unpack_from("<II", stream, _CLX)
    table = _piece_table(file.read("1Table" if flags & _TABLE_1 else "0Table")[begin:][:size])
    count = (len(table) - 4) // 12
    positions = struct.unpack_from(f"<{count + 1}I", table)
    for number in range(count):
        (at,) = struct.unpack_from("<I", table, 4 * (count + 1) + 8 * number + 2)
        length = max(positions[number + 1] - positions[number], 0)
        if at & _COMPRESSED:
            at = (at & ~_COMPRESSED) // 2
            yield stream[at : at + length].decode("cp1252", "replace")
        else:
            yield stream[at : at + 2 * length].decode("utf-16-le", "replace")


def _piece_table(clx: bytes) -> bytes:
    """The list of pieces, which follows any number of property lists."""
    at = 0
    while clx[at : at + 1] == b"\x01":
        at += 3 + int(struct.unpack_from("<H", clx, at + 1)[0])
    if clx[at : at + 1] != b"\x02":
        raise DamagedError("no list of its pieces")
    (size,) = struct.unpack_from("<I", clx, at + 1)
    return clx[at + 5 :][:size]

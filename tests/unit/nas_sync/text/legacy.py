"""Writes Office files of the years before 2007: as little of each format as readers ask for.

[MS-CFB], [MS-DOC], [MS-XLS] and [MS-PPT] of https://learn.microsoft.com/openspecs/ describe them.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

_SECTOR = 512
_MINI_CUTOFF = 4096  # shorter streams would lie in another one
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file with these streams below its root, each filled up to 4,096 bytes."""
    bodies = {name: body.ljust(_MINI_CUTOFF, b"\0") for name, body in streams.items()}
    ordered = sorted(bodies, key=lambda name: (len(name), name.upper()))
    sectors: list[bytes] = []
    table: list[int] = []

    def add(body: bytes) -> int:
        first = len(sectors)
        pieces = [body[at : at + _SECTOR] for at in range(0, len(body), _SECTOR)]
        sectors.extend(piece.ljust(_SECTOR, b"\0") for piece in pieces)
        table.extend([*range(first + 1, first + len(pieces)), _END])
        return first

    places = {name: add(bodies[name]) for name in ordered}
    entries = [_entry("Root Entry", 5, child=1, start=_END, size=0)]
    for number, name in enumerate(ordered, 1):
        right = number + 1 if number < len(ordered) else _FREE
        entries.append(_entry(name, 2, right=right, start=places[name], size=len(bodies[name])))
    directory = add(b"".join(entries))
    count = -(-(len(table) + 1) // 127)  # 128 entries a sector, one of them its own
    fat = [*table, *[_FAT] * count]
    fat += [_FREE] * (count * 128 - len(fat))
    places_of_fat = [len(sectors) + number for number in range(count)]
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        *(bytes.fromhex("D0CF11E0A1B11AE1"), 0x3E, 3, 0xFFFE, 9, 6, 0, count, directory, 0),
        *(_MINI_CUTOFF, _END, 0, _END, 0),
    )
    difat = [*places_of_fat, *[_FREE] * (109 - count)]
    return b"".join(
        [header, struct.pack("<109I", *difat), *sectors, struct.pack(f"<{len(fat)}I", *fat)]
    )


def doc(text: str, *, encrypted: bool = False) -> bytes:
    """A Word file: one piece of text in UTF-16."""
    at = 2048
    body = text.replace("\n", "\r").encode("utf-16-le")
    characters = len(body) // 2
    pieces = struct.pack("<IIHIH", 0, characters, 0, at, 0)
    clx = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    flags = 0x0200 | (0x0100 if encrypted else 0)  # the table is in 1Table
    fib = bytearray(at)
    struct.pack_into("<HHHHHH", fib, 0, 0xA5EC, 0x00C1, 0, 0x0411, 0, flags)
    struct.pack_into("<H", fib, 32, 14)
    struct.pack_into("<H", fib, 62, 22)
    struct.pack_into("<I", fib, 76, characters)
    struct.pack_into("<H", fib, 152, 93)
    struct.pack_into("<II", fib, 0x01A2, 0, len(clx))
    return compound({"WordDocument": bytes(fib) + body, "1Table": clx})


def xls(rows: list[list[str]], sheet: str, *, encrypted: bool = False) -> bytes:
    """An Excel 97 file with one sheet of texts."""
    texts = [text for row in rows for text in row]
    password = _record(0x002F, struct.pack("<HHH", 0, 0x1234, 0x5678)) if encrypted else b""
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    codepage = _record(0x0042, struct.pack("<H", 1200))
    shared = struct.pack("<II", len(texts), len(texts)) + b"".join(
        struct.pack("<HB", len(text), 1) + text.encode("utf-16-le") for text in texts
    )
    name = struct.pack("<BB", len(sheet), 1) + sheet.encode("utf-16-le")
    end = _record(0x000A, b"")
    table = _record(0x00FC, shared)
    length = len(begin + password + codepage) + 4 + 6 + len(name) + len(table) + len(end)
    bound = _record(0x0085, struct.pack("<IBB", length, 0, 0) + name)
    cells = iter(range(len(texts)))
    body = b"".join(
        _record(0x00FD, struct.pack("<HHHI", down, across, 0, next(cells)))
        for down, row in enumerate(rows)
        for across in range(len(row))
    )
    of_sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    book = begin + password + codepage + bound + table + end + of_sheet + body + end
    return compound({"Workbook": book})


def ppt(texts: list[str], *, encrypted: bool = False) -> bytes:
    """A PowerPoint 97 file: the texts of its slides."""
    atoms = b"".join(
        _atom(0x0F9F, struct.pack("<I", 0)) + _atom(0x0FA0, text.encode("utf-16-le"))
        for text in texts
    )
    slides = _container(0x0FF0, atoms)
    document = _container(0x03E8, slides)
    token = 0xF3D1C4DF if encrypted else 0xE391C05F
    user = _atom(0x0FF6, struct.pack("<IIIHHBBH", 0x14, token, 0, 0, 0x03F4, 3, 0, 0))
    return compound({"PowerPoint Document": document, "Current User": user})


def _entry(
    name: str, kind: int, *, right: int = _FREE, child: int = _FREE, start: int, size: int
) -> bytes:
    label = (name + "\0").encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16xIQQIQ",
        *(label.ljust(64, b"\0"), len(label), kind, 1, _FREE, right, child),
        *(0, 0, 0, start, size),
    )


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _atom(kind: int, body: bytes) -> bytes:
    return struct.pack("<HHI", 0, kind, len(body)) + body


def _container(kind: int, body: bytes) -> bytes:
    return struct.pack("<HHI", 0x000F, kind, len(body)) + body

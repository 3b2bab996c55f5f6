"""Reads compound files, in which Office kept its documents until 2007 and keeps encrypted ones.

[MS-CFB]: https://learn.microsoft.com/openspecs/windows_protocols/ms-cfb/
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

MAGIC = bytes.fromhex("D0CF11E0A1B11AE1")
_LAST = 0xFFFFFFFA  # greater numbers aren't sectors
_NO_ENTRY = 0xFFFFFFFF
_ENTRY = 128  # bytes
_STREAM, _ROOT = 2, 5  # kinds of entries


class DamagedError(ValueError):
    """The file contradicts itself."""


@dataclass(frozen=True)
class _Entry:
    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


@dataclass(frozen=True)
class Compound:
    """The streams directly below a file's root.

    Args:
        data: the whole file.
    """

    data: bytes

    @cached_property
    def names(self) -> frozenset[str]:
        """What the streams are called."""
        return frozenset(self._streams)

    def read(self, name: str, most: int | None = None) -> bytes:
        """A stream.

        Args:
            name: its name.
            most: how many bytes are wanted.

        Raises:
            DamagedError: there is none, or it can't be followed.
        """
        if (entry := self._streams.get(name)) is None:
            raise DamagedError(f"no stream {name}")
        size = entry.size if most is None else min(entry.size, most)
        if entry.size < self._header["cutoff"]:
            return self._joined(entry.start, size, self._minifat, self._mini)
        return self._joined(entry.start, size, self._fat, self._sector)

    @cached_property
    def _header(self) -> dict[str, int]:
        if len(self.data) < 512 or not self.data.startswith(MAGIC):
            raise DamagedError("no compound file")
        shift, mini_shift = struct.unpack_from("<HH", self.data, 30)
        if shift not in {9, 12} or mini_shift != 6:
            raise DamagedError("sectors of an unknown size")
        names = ("directory", "_", "cutoff", "minifat", "_", "difat", "_")
        numbers = struct.unpack_from("<7I", self.data, 48)
        return {"size": 1 << shift, **dict(zip(names, numbers, strict=True))}

    @cached_property
    def _fat(self) -> tuple[int, ...]:
        places = [*struct.unpack_from("<109I", self.data, 76)]
        following = self._header["difat"]
        seen: set[int] = set()
        while following < _LAST and following not in seen:
            seen.add(following)
            *more, following = _numbers(self._sector(following))
            places += more
        return _numbers(b"".join(self._sector(place) for place in places if place < _LAST))

    @cached_property
    def _minifat(self) -> tuple[int, ...]:
        chain = self._chain(self._header["minifat"], self._fat)
        return _numbers(b"".join(self._sector(place) for place in chain))

    @cached_property
    def _ministream(self) -> bytes:
        root = self._entries[0]
        return self._joined(root.start, root.size, self._fat, self._sector)

    @cached_property
    def _entries(self) -> list[_Entry]:
        chain = self._chain(self._header["directory"], self._fat)
        table = b"".join(self._sector(place) for place in chain)
        found = [_entry(table, at) for at in range(0, len(table) - _ENTRY + 1, _ENTRY)]
        if not found or found[0].kind != _ROOT:
            raise DamagedError("no root")
        return found

    @cached_property
    def _streams(self) -> dict[str, _Entry]:
        found: dict[str, _Entry] = {}
        waiting, seen = [self._entries[0].child], {_NO_ENTRY}
        while waiting:
            number = waiting.pop()
            if number in seen or number >= len(self._entries):
                continue
            seen.add(number)
            entry = self._entries[number]
            if entry.kind == _STREAM:
                found[entry.name] = entry
            waiting += [entry.left, entry.right]
        return found

    def _chain(self, start: int, table: tuple[int, ...]) -> Iterator[int]:
        """The sectors that follow one another from one on."""
        steps = 0
        while start < _LAST:
            if start >= len(table) or steps > len(table):
                raise DamagedError("a chain of sectors leads nowhere")
            yield start
            start = table[start]
            steps += 1

    def _joined(
        self, start: int, size: int, table: tuple[int, ...], sector: Callable[[int], bytes]
    ) -> bytes:
        body = bytearray()
        for place in self._chain(start, table):
            if len(body) >= size:
                break
            body += sector(place)
        return bytes(body[:size])

    def _sector(self, number: int) -> bytes:
        size = self._header["size"]
        return self.data[size * (number + 1) : size * (number + 2)]

    def _mini(self, number: int) -> bytes:
        return self._ministream[64 * number : 64 * (number + 1)]


def _numbers(body: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(body) // 4}I", body[: len(body) // 4 * 4])


def _entry(table: bytes, at: int) -> _Entry:
    label, length, kind, left, right, child = struct.unpack_from("<64sHBxIII", table, at)
    start, size = struct.unpack_from("<II", table, at + 116)
    name = label[: max(length - 2, 0)].decode("utf-16-le", "replace")
    return _Entry(name, kind, left, right, child, start, size)

"""Zip files whose bytes depend on nothing but the files in them.

Terraform compares a zip's SHA-256 with the one AWS has, so a zip that differs from machine to
machine would show up in plans as a change nobody made. Order, times and modes are easily fixed;
the compressed bytes are not, as far as Python's `zipfile` goes: it compresses with whatever
zlib its interpreter was linked to (zlib, zlib-ng, Apple's), and those disagree. Hence the
compressor is a locked package (`deflate`, which is libdeflate), and the container, three small
structures of the ZIP specification (APPNOTE 4.3.7, 4.3.12, 4.3.16), is written here.
"""

import stat
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path

import deflate

_LOCAL_HEADER = struct.Struct("<IHHHHHIIIHH")
_CENTRAL_HEADER = struct.Struct("<IHHHHHHIIIHHHHHII")
_END = struct.Struct("<IHHHHIIH")

_ZIP_2_0 = 20
_MADE_BY_UNIX = 3 << 8 | _ZIP_2_0
_NAMES_ARE_UTF8 = 0x0800
_DEFLATED = 8
_MIDNIGHT = 0
_FIRST_OF_JANUARY_1980 = 1 << 5 | 1
_MODE = (stat.S_IFREG | 0o644) << 16
_LEVEL = 6
_MOST_ENTRIES = 0xFFFF


def write(target: Path, files: Mapping[str, Path]) -> None:
    """Write `files` (name inside the zip → file) to `target`; nobody sees half a zip.

    Raises:
        ValueError: There are more than 65,535 files, the most a zip without extensions holds.
    """
    if len(files) > _MOST_ENTRIES:
        raise ValueError(f"{target.name}: {len(files)} files are more than a zip holds (65535)")
    fresh = target.with_name(f"{target.name}.part")
    with fresh.open("wb") as output:
        directory = []
        for name, path in sorted(files.items()):
            content = path.read_bytes()
            packed = deflate.deflate_compress(content, _LEVEL)
            encoded = name.encode()
            # Shared by an entry's local header and by the directory at the end.
            entry = (
                _ZIP_2_0, _NAMES_ARE_UTF8, _DEFLATED, _MIDNIGHT, _FIRST_OF_JANUARY_1980,
                zlib.crc32(content), len(packed), len(content), len(encoded), 0,
            )  # fmt: skip
            at = output.tell()
            output.write(_LOCAL_HEADER.pack(0x04034B50, *entry) + encoded + packed)
            directory.append(
                _CENTRAL_HEADER.pack(0x02014B50, _MADE_BY_UNIX, *entry, 0, 0, 0, _MODE, at)
                + encoded
            )
        start = output.tell()
        output.write(b"".join(directory))
        size = output.tell() - start
        count = len(directory)
        output.write(_END.pack(0x06054B50, 0, 0, count, count, size, start, 0))
    fresh.replace(target)

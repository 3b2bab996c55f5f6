"""Looks into zip archives, as Office's files are ones, before anything unpacks them."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final

from nas_sync.extraction.answers import Unreadable

_MIB = 1024 * 1024
_MOST_BYTES: Final = 512 * _MIB  # unpacked, of all entries
_MOST_ENTRIES = 20_000
_MOST_RATIO = 200  # unpacked to packed; XML of tables of equal rows comes to 100
_RATIO_MATTERS = 64 * _MIB  # below that no ratio harms
_ENCRYPTED = 0x1  # flag of an entry
_FOLDERS = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}


def office_format(path: Path) -> str:
    """Which of Office's formats an archive is: docx, xlsx, xlsb or pptx.

    Args:
        path: where the archive lies.

    Raises:
        Unreadable: it is damaged, a bomb, protected, or no Office file.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as error:
        raise Unreadable("corrupt", f"a damaged zip archive: {error}") from error
    _refuse_bomb(entries, path.stat().st_size)
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise Unreadable("encrypted", "a zip archive with a password")
    names = {entry.filename for entry in entries}
    if "xl/workbook.bin" in names:
        return "xlsb"
    for folder, office in _FOLDERS.items():
        if any(name.startswith(folder) for name in names):
            return office
    raise Unreadable("unsupported", "a zip archive, not of Word, Excel or PowerPoint")


def _refuse_bomb(entries: list[zipfile.ZipInfo], size: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > _MOST_BYTES:
        raise Unreadable("bomb", f"{unpacked:,} bytes unpacked, at most {_MOST_BYTES:,}")
    if len(entries) > _MOST_ENTRIES:
        raise Unreadable("bomb", f"{len(entries):,} entries, at most {_MOST_ENTRIES:,}")
    if unpacked > _RATIO_MATTERS and unpacked > _MOST_RATIO * size:
        raise Unreadable("bomb", f"unpacked {unpacked // size:,} times as big")
    if _overlap(entries, size):
        raise Unreadable("bomb", "its entries overlap")


def _overlap(entries: list[zipfile.ZipInfo], size: int) -> bool:
    """Whether entries share bytes, by which a small archive unpacks to any size."""
    spans = sorted((entry.header_offset, entry.compress_size) for entry in entries)
    ends = [begin + packed for begin, packed in spans]
    begins = [begin for begin, _ in spans[1:]]
    return any(end > begin for end, begin in zip(ends, [*begins, size], strict=False))

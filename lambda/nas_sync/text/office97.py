"""Tells Office's compound files apart, and those with a password from the others."""

from __future__ import annotations

import struct

from nas_sync.extraction.answers import Unreadable
from nas_sync.text.compound import Compound

_DOC_ENCRYPTED = 0x0100  # [MS-DOC] FibBase, fEncrypted
_XLS_PASSWORD = 0x002F  # [MS-XLS] FilePass
_XLS_RECORDS = 20  # it is one of the first
_PPT_ENCRYPTED = 0xF3D1C4DF  # [MS-PPT] CurrentUserAtom, headerToken


def office_format(file: Compound) -> str:
    """Which of Office's old formats a file is: doc, xls or ppt.

    Args:
        file: the file.

    Raises:
        Unreadable: it has a password, or is none of them.
        DamagedError: the file contradicts itself.
    """
    names = file.names
    if {"EncryptedPackage", "EncryptionInfo"} & names:
        raise Unreadable("encrypted", "an Office file with a password")
    if "WordDocument" in names:
        return _unless(_is_encrypted_doc(file), "doc")
    for book in ("Workbook", "Book"):
        if book in names:
            return _unless(_is_encrypted_xls(file, book), "xls")
    if "PowerPoint Document" in names:
        return _unless(_is_encrypted_ppt(file), "ppt")
    raise Unreadable("unsupported", "a compound file, not of Word, Excel or PowerPoint")


def _unless(encrypted: bool, office: str) -> str:
    if encrypted:
        raise Unreadable("encrypted", f"a {office} file with a password")
    return office


def _is_encrypted_doc(file: Compound) -> bool:
    head = file.read("WordDocument", 12)
    return len(head) == 12 and bool(struct.unpack_from("<H", head, 10)[0] & _DOC_ENCRYPTED)


def _is_encrypted_xls(file: Compound, book: str) -> bool:
    head = file.read(book, 4096)
    at = 0
    for _ in range(_XLS_RECORDS):
        if at + 4 > len(head):
            break
        kind, size = struct.unpack_from("<HH", head, at)
        if kind == _XLS_PASSWORD:
            return True
        at += 4 + size
    return False


def _is_encrypted_ppt(file: Compound) -> bool:
    if "EncryptedSummary" in file.names:
        return True
    if "Current User" not in file.names:
        return False
    head = file.read("Current User", 16)
    return len(head) == 16 and struct.unpack_from("<I", head, 12)[0] == _PPT_ENCRYPTED

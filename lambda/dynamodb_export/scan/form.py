"""How an object's bytes are put together from pages, in whichever run they are written.

Compressed objects are a series of gzip members, one for each piece, which every reader of gzip
takes as one: so a further run can go on where another stopped.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from dynamodb_export.settings import Format

_FAST = 3  # 2.5 times as fast as zlib's usual 6, for a twentieth more bytes
_GZIP = 31  # zlib's number for the gzip format; it writes no time, so the bytes are always the same


@dataclass(frozen=True)
class Form:
    """What stands around items."""

    opening: bytes
    separator: bytes
    closing: bytes
    empty: bytes  # the whole object where there are no items


FORMS = {
    Format.ARRAY: Form(b"[\n", b",\n", b"\n]", b"[]"),
    Format.LINES: Form(b"", b"\n", b"\n", b""),
}


def packed(piece: bytes, *, gzip: bool) -> bytes:
    """A piece as it stands in the object."""
    return zlib.compress(piece, _FAST, wbits=_GZIP) if gzip and piece else piece

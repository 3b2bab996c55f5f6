"""What DataSync writes beside an object: when the file was changed, and where it lies on the NAS.

https://docs.aws.amazon.com/datasync/latest/userguide/metadata-copied.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.errors import HeaderParseError
from email.header import decode_header, make_header

from nas_sync import keys

_TIME = re.compile(r"(-?\d{1,20})(?:\.\d+)?(ns|us|ms|s|)")
_PER_SECOND = {"ns": 10**9, "us": 10**6, "ms": 1000, "s": 1, "": 1}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def modified(metadata: Mapping[str, str]) -> str | None:
    """When the file was changed: ISO 8601, UTC, whole seconds.

    DataSync writes what file gateways of AWS read, `1700000000000000000ns`; the unit is taken as
    it comes, and none means seconds.
    """
    if (found := _TIME.fullmatch(metadata.get("file-mtime", "").strip())) is None:
        return None
    number, unit = found.groups()
    try:
        moment = _EPOCH + timedelta(seconds=int(number) // _PER_SECOND[unit])
    except OverflowError:
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment.year >= 1000 else None


def nas_path(metadata: Mapping[str, str], key: str, location: str) -> str:
    """Where the file lies on the NAS.

    Args:
        metadata: of the object.
        key: of the object.
        location: what stands before a path where the metadata don't tell: `//nas/share/`.
    """
    if told := metadata.get("source-path"):
        with suppress(HeaderParseError, LookupError, UnicodeError):  # encoded in no way we know
            return str(make_header(decode_header(told)))  # S3 encodes what isn't ASCII (RFC 2047)
    return f"{location}{key.removeprefix(keys.DATA)}"

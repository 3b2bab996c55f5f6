"""How much of the state machine's payload an error takes."""

from __future__ import annotations

import json
import traceback

MOST = 8 * 1024
"""Bytes that an error may take: of the 10 KiB of a payload, pointers and counts need the rest."""

LONGEST_PATHS = [sign * ((1024 - 16) // len(sign.encode())) for sign in "a表"]
"""As long as S3's keys may be, with the prefix and an ending."""


def size(error: BaseException) -> int:
    """Bytes of an error as Lambda reports it, with an escape for every character that may have one.

    https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html
    """
    report = {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "requestId": "0" * 36,
        "stackTrace": traceback.format_tb(error.__traceback__),
    }
    return len(json.dumps({"Error": report["errorType"], "Cause": json.dumps(report)}))

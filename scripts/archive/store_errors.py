"""What obstore's errors say, without what they quote of the request that was signed."""

from __future__ import annotations

import re
from html import unescape

from obstore.exceptions import BaseError


def said(error: BaseError) -> tuple[str, str]:
    """Code and message: S3's own words, where its answer is quoted."""
    text = str(error)
    code = re.search(r"<Code>(.*?)</Code>", text, re.DOTALL)
    message = re.search(r"<Message>(.*?)</Message>", text, re.DOTALL)
    if code:
        return unescape(code[1]), unescape(message[1]) if message else ""
    status = re.search(r"status code: (\d{3} [A-Za-z ]+)", text)
    if status:
        return status[1].split(" ", 1)[0], f"S3 が {status[1].strip()} と答えました"
    return type(error).__name__, f"S3 に届きません: {text.partition(chr(10))[0]}"

"""In which of Japan's encodings a text is written.

What a byte-order mark, escape sequences or UTF-8's strict form don't settle is weighed: each
encoding that can read the bytes gives a text, and the one that takes the fewest bits to write down
under a simple model of Japanese is right. Bytes that none of them can read, or that read like
nothing Japanese, are charset-normalizer's.
"""

from __future__ import annotations

import codecs
import math
import re
from collections import Counter
from functools import cache

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16's, which it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WEIGHED = ("utf-8", "cp932", "euc_jp", "euc_jis_2004", "utf-16-le", "utf-16-be")
_ESCAPED = ("iso2022_jp", "iso2022_jp_ext", "iso2022_jp_2004", "iso2022_jp_2")
_ESCAPE = re.compile(rb"\x1b(\$[@B]|\$\([DOPQ]|\([BJIT]|&@)")
_CONTROLS = re.compile(rb"[\0-\x08\x0e-\x19]")  # half a character of UTF-16, or no text
_SAMPLE = 64 * 1024  # bytes that are weighed
_LOST = 0.02  # share of damaged characters up to which a text still is one
_ODD_BITS = 7.5  # a byte of text takes fewer bits; of noise more

# How often a character is of a class in Japanese files, how many the class has, and how likely the
# next one is of the same: roughly those of business documents, names and numbers included.
_CLASSES = {
    "ascii": (0.24, 95, 0.85),
    "space": (0.05, 4, 0.3),
    "hiragana": (0.28, 83, 0.65),
    "katakana": (0.12, 90, 0.75),
    "kanji": (0.22, 2_965, 0.55),  # JIS level 1
    "rare kanji": (0.004, 3_390, 0.1),  # level 2
    "mark": (0.05, 40, 0.1),
    "wide": (0.02, 94, 0.6),
    "half": (0.012, 63, 0.8),
    "other": (0.002, 2_000, 0.2),
    "odd": (0.000_02, 60_000, 0.1),
}
_MEMBERS = {
    "space": " \t\r\n\u3000",
    "katakana": "ー・",
    "mark": "、。「」『』（）【】〔〕…―〜～：；！？／々〆〇※○●◎■□▲△▼★☆→←↑↓㈱℃×÷＝＋－％￥〒"
    "①②③④⑤⑥⑦⑧⑨⑩",
}
_RANGES = (
    ("ascii", "!", "~"),
    ("hiragana", "ぁ", "ゖ"),
    ("katakana", "ァ", "ヶ"),
    ("wide", "！", "～"),
    ("half", "｡", "ﾟ"),
    ("other", "\u00a1", "\u04ff"),
    ("other", "\u2010", "\u33ff"),
)


class UnknownCharsetError(ValueError):
    """The bytes are no text, in no encoding that is known here."""


def decode(data: bytes, *, whole: bool = True) -> str:
    """The text that bytes are.

    Args:
        data: the bytes.
        whole: whether that is all; else a character may be cut off at the end.

    Raises:
        UnknownCharsetError: they are no text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if _ESCAPE.search(data) and b"\0" not in data:
        texts = (_strict(data, encoding, whole) for encoding in _ESCAPED)
        found = next((text for text in texts if text is not None), None)
        return _with_extensions(data) if found is None else found
    if not _CONTROLS.search(data) and (text := _strict(data, "utf-8", whole)) is not None:
        return text
    return _weighed(data, whole)


def _with_extensions(data: bytes) -> str:
    """ISO-2022-JP as Windows writes it, with ① and ㈱ in it (CP50221)."""
    first, *parts = _ESCAPE.split(data)
    pieces = [_piece(*pair) for pair in zip(parts[::2], parts[1::2], strict=True)]
    return b"".join([first, *pieces]).decode("cp932", "replace")


def _piece(escape: bytes, body: bytes) -> bytes:
    if escape.startswith(b"$"):
        return b"".join(map(_shifted, body[::2], body[1::2]))
    return bytes(byte | 0x80 for byte in body) if escape == b"(I" else body


def _shifted(row: int, cell: int) -> bytes:
    """Two bytes of JIS X 0208 as Shift_JIS has them."""
    if row < 0x21:  # a line's end, though it should come after an escape
        return bytes((row, cell))
    lead = (row - 0x21) // 2 + (0x81 if row < 0x5F else 0xC1)
    if row % 2 == 0:
        return bytes((lead, min(cell + 0x7E, 0xFF)))
    return bytes((lead, cell + (0x1F if cell < 0x60 else 0x20)))


def _weighed(data: bytes, whole: bool) -> str:
    sample = data[:_SAMPLE]
    whole = whole and len(sample) == len(data)
    texts = {name: _strict(sample, name, whole) for name in _WEIGHED}
    bits = {name: _bits(text) for name, text in texts.items() if text is not None}
    best = min(bits, key=lambda name: bits[name], default=None)
    if best and bits[best] <= _ODD_BITS * len(sample):
        return data.decode(best, "replace")
    return _damaged(data) or _foreign(data, best)


def _damaged(data: bytes) -> str | None:
    """A text in one of the usual encodings, some characters of which are not readable."""
    if b"\0" in data:
        return None
    for encoding in ("utf-8", "cp932", "euc_jp"):
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") <= _LOST * len(text) and _bits(text) <= _ODD_BITS * len(data):
            return text
    return None


def _foreign(data: bytes, best: str | None) -> str:
    if b"\0" in data or len(_CONTROLS.findall(data)) > _LOST * len(data):
        raise UnknownCharsetError("no character encoding fits")
    match = from_bytes(data[:_SAMPLE]).best()
    if (encoding := match.encoding if match else best) is None:
        raise UnknownCharsetError("no character encoding fits")
    return data.decode(encoding, "replace")


def _strict(data: bytes, encoding: str, whole: bool) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(data, whole)
    except UnicodeDecodeError:
        return None


def _bits(text: str) -> float:
    """How many bits it takes to write a text down, under the model above."""
    classes = [_class(character) for character in text]
    pairs = Counter(zip(["space", *classes], classes, strict=False))
    return sum(count * _cost(*pair) for pair, count in pairs.items())


@cache
def _cost(before: str, after: str) -> float:
    share, size, stays = _CLASSES[after]
    if before == after:
        return math.log2(size / stays)
    leaves = 1 - _CLASSES[before][2]
    others = 1 - _CLASSES[before][0]
    return math.log2(size * others / (share * leaves))


@cache
def _class(character: str) -> str:
    for name, members in _MEMBERS.items():
        if character in members:
            return name
    if "一" <= character <= "鿿":
        return _kanji(character)
    for name, first, last in _RANGES:
        if first <= character <= last:
            return name
    return "odd"


def _kanji(character: str) -> str:
    try:
        lead = character.encode("cp932")[0]
    except UnicodeEncodeError:
        return "odd"
    return "kanji" if 0x88 <= lead <= 0x97 else "rare kanji"

"""Different spellings of the same: tables by which OpenSearch unites them, then looks for words.

The tables are `mapping` character filters and so part of the index. Whatever client asks gets the
same treatment, and highlights show a text as it was written. Half-width kana have to be whole words
before kuromoji sees them: the token filter `cjk_width` comes too late, and the plugin with ICU's
normaliser isn't on every domain.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from importlib import resources

# Blocks of characters that stand for others: what Unicode's form NFKC makes of them.
_COMPATIBLE = (
    range(0x2100, 0x2190),  # ℃ № ℡ Ⅲ
    range(0x2460, 0x2500),  # ① ⑴ Ⓐ
    range(0x3000, 0x3001),  # ideographic space
    range(0x3200, 0x3400),  # ㈱ ㊤ ㍻ ㌔ ㎡
    range(0xF900, 0xFB00),  # 神 塚
    range(0xFF01, 0xFFEF),  # Ａ ｱ
)
_KANA = (range(0x3041, 0x3097), range(0x30A1, 0x30FB))
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))  # which glyph of a kanji is meant
_VOICED = {"\u3099": "\u3099\u309bﾞ", "\u309a": "\u309a\u309cﾟ"}  # marks, and how they are typed
_ALIKE = {"ヶ": "ケ", "ヵ": "カ", "〜": "~"}
_TO_KATAKANA = ord("ァ") - ord("ぁ")


def one_form() -> list[str]:
    """Full-width and half-width, composed and decomposed, old and new forms of kanji: one of each.

    Returns:
        Rules of a `mapping` character filter.
    """
    table = {c: unicodedata.normalize("NFKC", c) for c in _characters(_COMPATIBLE)}
    table.update(_kana_of_two_characters())
    table.update(_variants())
    table.update(_ALIKE)
    table.update(dict.fromkeys(_characters(_SELECTORS), ""))
    for given, told in table.items():  # 樂 of a compatibility character is 楽, too
        table[given] = "".join(table.get(c, c) for c in told)
    return [_rule(given, told) for given, told in sorted(table.items()) if given != told]


def katakana() -> list[str]:
    """Hiragana to katakana."""
    return [_rule(c, chr(ord(c) + _TO_KATAKANA)) for c in _characters(_KANA[:1])]


def _characters(blocks: Iterable[range]) -> Iterator[str]:
    return (chr(code) for block in blocks for code in block)


def _kana_of_two_characters() -> Iterator[tuple[str, str]]:
    """Kana whose voice mark is a character of its own: half-width ones, and those of a Mac."""
    narrow = {unicodedata.normalize("NFKC", c): c for c in _characters([range(0xFF66, 0xFF9E)])}
    for whole in _characters(_KANA):
        apart = unicodedata.normalize("NFD", whole)
        for letter in (apart[0], narrow.get(apart[0], apart[0])):
            yield from ((letter + sign, whole) for sign in _VOICED.get(apart[1:], ""))


def _variants() -> Iterator[tuple[str, str]]:
    """Variants of kanji and the form that is searched."""
    file = resources.files(__package__) / "definitions" / "variants.txt"
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            for forms in line.split():
                yield from ((variant, forms[0]) for variant in forms[1:])


def _rule(given: str, told: str) -> str:
    return f"{_escaped(given)} => {_escaped(told)}"


def _escaped(text: str) -> str:
    r"""The text as rules spell it: `\uXXXX` for what they would trim or take for their own."""
    return "".join(c if c.isalnum() else _units(c) for c in text)


def _units(character: str) -> str:
    encoded = character.encode("utf-16-be")
    return "".join(rf"\u{encoded[i : i + 2].hex()}" for i in range(0, len(encoded), 2))

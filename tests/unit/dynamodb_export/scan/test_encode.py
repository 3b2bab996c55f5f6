"""Items come out as the JSON that they mean, whatever is in them."""

from __future__ import annotations

import base64
import json
from decimal import Decimal
from typing import Any

import orjson
import pytest
from boto3.dynamodb.types import TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from dynamodb_export.scan import encode

AT = "2026-07-15T03:04:05.678Z"

# What DynamoDB keeps: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NUMBERS = st.builds(
    lambda digits, exponent, sign: Decimal((sign, digits, exponent)).normalize(),
    st.lists(st.integers(0, 9), min_size=1, max_size=38).map(tuple),
    st.integers(-100, 80),
    st.integers(0, 1),
)
BINARIES = st.binary(max_size=20)
SCALARS = st.one_of(TEXTS, NUMBERS, BINARIES, st.booleans(), st.none())
SETS = st.one_of(
    st.sets(TEXTS.filter(bool), min_size=1, max_size=4),
    st.sets(NUMBERS, min_size=1, max_size=4),
    st.sets(BINARIES.filter(bool), min_size=1, max_size=4),
)
NAMES = TEXTS.filter(bool)
VALUES = st.recursive(
    st.one_of(SCALARS, SETS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(NAMES, inner, max_size=4)),
    max_leaves=12,
)
ITEMS = st.dictionaries(NAMES, VALUES, min_size=1, max_size=6)


def wire(item: dict[str, Any]) -> dict[str, Any]:
    """The item as DynamoDB's protocol carries it."""
    serialised = {name: TypeSerializer().serialize(value) for name, value in item.items()}
    text = json.dumps(serialised, default=lambda content: base64.b64encode(content).decode())
    found: dict[str, Any] = orjson.loads(text)
    return found


def meant(value: Any) -> Any:
    """What a value is in JSON."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, set):
        return sorted(meant(each) for each in value)
    if isinstance(value, list):
        return [meant(each) for each in value]
    if isinstance(value, dict):
        return {name: meant(each) for name, each in value.items()}
    return value


def read(content: bytes) -> Any:
    """JSON with numbers as they are written."""
    return json.loads(content, parse_float=Decimal, parse_int=Decimal)


@given(ITEMS)
def test_every_value_of_every_type_keeps_its_meaning(item: dict[str, Any]) -> None:
    exported = read(encode.items([wire(item)], AT, b","))
    own = {"exported_at": AT, "export_version": "1.0"}
    free = {name: value for name, value in meant(item).items() if name not in own}
    assert {name: exported[name] for name in free} == free
    assert own.items() <= exported.items()


@pytest.mark.parametrize(
    "number",
    [
        "0",
        "-0.5",
        "12345678901234567890123456789012345678",
        "0.00000000000000000000000000000000000001",
        "-9.9999999999999999999999999999999999999E+125",
        "1e-130",
        "1.10",
        "100000000000000000000000000000000000000000000000000000000000",
    ],
)
def test_a_number_is_written_digit_for_digit(number: str) -> None:
    content = encode.items([{"n": {"N": number}}], AT, b"")
    assert content.startswith(b'{"n":' + number.encode() + b",")


@pytest.mark.parametrize("number", ["007", ".5", "5.", "+1", "-.5", "00"])
def test_a_number_that_json_would_not_take_keeps_its_value(number: str) -> None:
    assert read(encode.items([{"n": {"N": number}}], AT, b""))["n"] == Decimal(number)


def test_sets_are_sorted_lists() -> None:
    item = {
        "numbers": {"NS": ["10", "9", "-1", "1E+3"]},
        "texts": {"SS": ["b", "あ", "B", "a"]},
        "binaries": {"BS": ["/w==", "AA=="]},
    }
    exported = read(encode.items([item], AT, b""))
    assert exported["numbers"] == [-1, 9, 10, 1000]
    assert exported["texts"] == ["B", "a", "b", "あ"]
    assert exported["binaries"] == ["/w==", "AA=="]


def test_an_attribute_with_a_name_of_the_export_keeps_its_value_under_another() -> None:
    item = {
        "exported_at": {"S": "mine"},
        "export_version": {"N": "7"},
        "original_export_version": {"S": "mine, too"},
    }
    assert read(encode.items([item], AT, b"")) == {
        "exported_at": AT,
        "export_version": "1.0",
        "original_exported_at": "mine",
        "original_export_version": "mine, too",
        "original_original_export_version": 7,
    }


def test_items_are_parted_by_the_separator_and_hold_no_line_break() -> None:
    items = [{"s": {"S": "a\nb"}}, {"s": {"S": "c\r\n"}}]
    assert len(encode.items(items, AT, b",\n").splitlines()) == 2
    assert encode.items([], AT, b",\n") == b""


def test_a_type_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="no type that is known"):
        encode.items([{"a": {"X": "new"}}], AT, b"")


def test_values_may_be_nested_as_deep_as_dynamodb_allows() -> None:
    value: dict[str, Any] = {"S": "deep"}
    for _ in range(32):
        value = {"M": {"in": {"L": [value]}}}
    assert b"deep" in encode.items([{"a": value}], AT, b"")

"""What a target is sent, as a function of the event."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.local_aws.events.inputs import at, input_of

RULE = "arn:aws:events:ap-northeast-1:123456789012:rule/daily"
EVENT = {"time": "2026-01-02T03:04:05Z", "detail": {"name": "Ann", "items": [1, {"deep": 2}]}}

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$", EVENT),
        ("$.detail.name", "Ann"),
        ("$['detail']['name']", "Ann"),
        ("$.detail.items[1].deep", 2),
        ("$.detail.items[7]", None),
        ("$.detail.missing.more", None),
        ("$.detail[0]", None),
    ],
)
def test_paths(path: str, value: Any) -> None:
    assert at(path, EVENT) == value


@given(values)
def test_without_settings_the_event_is_sent(value: Any) -> None:
    event = {"detail": {"value": value}}

    assert json.loads(input_of({}, event, RULE)) == event


@given(values)
def test_a_bare_placeholder_becomes_json(value: Any) -> None:
    sent = input_of(template('{"value": <value>}'), {"detail": {"value": value}}, RULE)

    assert json.loads(sent) == {"value": value}


@given(st.text())
def test_a_quoted_placeholder_becomes_text(value: str) -> None:
    sent = input_of(template('{"value": "is <value>!"}'), {"detail": {"value": value}}, RULE)

    assert json.loads(sent) == {"value": f"is {value}!"}


def test_names_that_aws_knows_and_names_that_nobody_knows() -> None:
    text = '{"rule": "<aws.events.rule-name>", "of": <aws.events.event.json>, "x": "<unknown>"}'

    assert json.loads(input_of(template(text), EVENT, RULE)) == {
        "rule": "daily",
        "of": EVENT,
        "x": "<unknown>",
    }


def template(text: str) -> dict[str, Any]:
    """A target with a template that may use <value>."""
    paths = {"value": "$.detail.value"}
    return {"InputTransformer": {"InputPathsMap": paths, "InputTemplate": text}}

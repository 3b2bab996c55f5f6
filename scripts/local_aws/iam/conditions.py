"""Evaluates the Condition of a policy statement.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

Context = Mapping[str, str | None]
"""What is known of a request, by condition key in lower case. A key that is known to have no
value in this request is None; a key that isn't there can't be evaluated."""


class UnsupportedPolicyError(Exception):
    """A policy uses something whose meaning here is unknown; guessing would be worse."""


@lru_cache(maxsize=4096)
def pattern(text: str, *, ignore_case: bool = False) -> re.Pattern[str]:
    """Compile IAM's wildcards: `*` is any text, `?` any one character."""
    parts = ({"*": ".*", "?": "."}.get(part, re.escape(part)) for part in re.split(r"([*?])", text))
    return re.compile("".join(parts), re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def like(expected: str, actual: str) -> bool:
    """Whether `actual` matches IAM's wildcards in `expected`."""
    return pattern(expected).fullmatch(actual) is not None


def _same(expected: str, actual: str) -> bool:
    return expected == actual


def _same_ignoring_case(expected: str, actual: str) -> bool:
    return expected.lower() == actual.lower()


def _as_numbers(compare: Callable[[float, float], bool]) -> Callable[[str, str], bool]:
    """Compare a request's value with a policy's; what is no number is unlike any."""

    def compared(expected: str, actual: str) -> bool:
        try:
            return compare(float(actual), float(expected))
        except ValueError:
            return False

    return compared


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": _same,
    "StringEqualsIgnoreCase": _same_ignoring_case,
    "StringLike": like,
    "ArnEquals": like,
    "ArnLike": like,
    "Bool": _same_ignoring_case,
    "NumericEquals": _as_numbers(operator.eq),
    "NumericLessThan": _as_numbers(operator.lt),
    "NumericLessThanEquals": _as_numbers(operator.le),
    "NumericGreaterThan": _as_numbers(operator.gt),
    "NumericGreaterThanEquals": _as_numbers(operator.ge),
}
_NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NumericNotEquals": "NumericEquals",
}


def met(conditions: Mapping[str, Mapping[str, Any]], context: Context) -> bool:
    """Whether a statement's `Condition` holds for a request.

    Args:
        conditions: `{operator: {key: value or values}}`, as in the statement.

    Raises:
        UnsupportedPolicyError: An operator or a key is not known here.
    """
    return all(
        _met(named, key, _strings(expected), context)
        for named, keys in conditions.items()
        for key, expected in keys.items()
    )


def _met(named: str, key: str, expected: list[str], context: Context) -> bool:
    if key.lower() not in context:
        raise UnsupportedPolicyError(f"the condition key {key} has no known value here")
    actual = context[key.lower()]
    if named == "Null":
        return (actual is None) == (expected[0].lower() == "true")
    name = named.removesuffix("IfExists")
    compare = _OPERATORS.get(_NEGATED.get(name, name))
    if compare is None:
        raise UnsupportedPolicyError(f"the condition operator {named} is not evaluated here")
    if actual is None:
        return name in _NEGATED or named != name
    return any(compare(each, actual) for each in expected) != (name in _NEGATED)


def _strings(values: Any) -> list[str]:
    listed: Iterable[Any] = values if isinstance(values, list) else [values]
    return [str(value).lower() if isinstance(value, bool) else str(value) for value in listed]

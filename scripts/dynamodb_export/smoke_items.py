"""The items of the smoke test: every type, and what is easily lost."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

ITEMS: list[tuple[Mapping[str, Any], Mapping[str, Any]]] = [
    (
        {
            "id": {"S": "every type"},
            "text": {"S": '日本語 🎌 \u2028 "quoted"'},
            "digits": {"N": "12345678901234567890123456789012345678"},
            "small": {"N": "-0.00000000012345678901234567890123"},
            "bytes": {"B": b"\x00\xff\x10"},
            "yes": {"BOOL": True},
            "nothing": {"NULL": True},
            "texts": {"SS": ["b", "a", "あ"]},
            "numbers": {"NS": ["10", "9", "-1.5"]},
            "blobs": {"BS": [b"\xff", b"\x00"]},
            "list": {"L": [{"S": "x"}, {"N": "1"}, {"L": []}]},
            "map": {"M": {"inner": {"M": {"deep": {"BOOL": False}}}}},
        },
        {
            "id": "every type",
            "text": '日本語 🎌 \u2028 "quoted"',
            "digits": Decimal(12345678901234567890123456789012345678),
            "small": Decimal("-0.00000000012345678901234567890123"),
            "bytes": "AP8Q",
            "yes": True,
            "nothing": None,
            "texts": ["a", "b", "あ"],
            "numbers": [Decimal("-1.5"), Decimal(9), Decimal(10)],
            "blobs": ["/w==", "AA=="],
            "list": ["x", Decimal(1), []],
            "map": {"inner": {"deep": False}},
        },
    ),
    ({"id": {"S": "only a key"}}, {"id": "only a key"}),
    (
        {"id": {"S": "empty"}, "text": {"S": ""}, "list": {"L": []}, "map": {"M": {}}},
        {"id": "empty", "text": "", "list": [], "map": {}},
    ),
]
"""As DynamoDB takes them, and as they have to come out."""

"""Texts: moto measures and shows JSON with spaces, and with what isn't ASCII escaped."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

from moto.stepfunctions.parser.asl.utils import encoding

from scripts.local_aws.patching import replace


def _dumps(value: Any, **settings: Any) -> str:
    separators = settings.pop("separators", None) or (",", ":")
    return json.dumps(value, ensure_ascii=False, separators=separators, **settings)


replace(encoding, "json")(SimpleNamespace(dumps=_dumps))

"""The state machine's definition as Terraform renders it, with names where AWS has ARNs."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from scripts.files import ROOT

MODULE = ROOT / "terraform/modules/datasync"

_HOLE = re.compile(r"\$\{(\w+)\}")
_NUMBER = re.compile(r"(\w+) += optional\(number, (\d+)\)")


def definition() -> dict[str, Any]:
    """The definition with the module's defaults; each other value is its own name.

    Raises:
        ValueError: a template isn't JSON.
    """
    variables = (path.read_text() for path in MODULE.glob("variables*.tf"))
    numbers = dict(_NUMBER.findall("\n".join(variables)))
    retries = json.loads(_rendered("retries.json.tftpl", numbers))
    values = numbers | {f"retry_{name}": json.dumps(retry) for name, retry in retries.items()}
    rendered: dict[str, Any] = json.loads(_rendered("pipeline.asl.json.tftpl", values))
    return rendered


def _rendered(template: str, values: Mapping[str, str]) -> str:
    text = (MODULE / "templates" / template).read_text()
    return _HOLE.sub(lambda hole: values.get(hole[1], hole[1]), text)

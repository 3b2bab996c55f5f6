"""A module that passes an object on declares every attribute of it: Terraform drops the others."""

import re
from pathlib import Path

TERRAFORM = Path(__file__).resolve().parents[3] / "terraform"


def attributes(module: str, variable: str, within: str = "type") -> dict[str, str]:
    """Return names and types of the object that a variable is, or that one of its attributes is."""
    text = (TERRAFORM / "modules" / module / "variables.tf").read_text()
    block = text.partition(f'variable "{variable}" {{')[2].partition("\n}\n")[0]
    body = rf"^( +){within} += object\(\{{\n(.*?)^\1}}\)"
    found = re.search(body, block, re.MULTILINE | re.DOTALL)
    assert found, f"{module} has no object {variable}"
    declared = re.findall(r"^ +(\w+) += (.+)$", found.group(2), re.MULTILINE)
    return {name: re.sub(r"^optional\((.+?)(, .*)?\)$", r"\1", kind) for name, kind in declared}


def test_batch_scheduler_passes_all_access_on() -> None:
    access = attributes("batch-scheduler", "access")
    assert "secrets" in access
    assert access == attributes("function", "access")


def test_batch_scheduler_passes_all_of_the_code_on() -> None:
    code = attributes("batch-scheduler", "function", within="code")
    assert "handler" in code
    assert code == attributes("function", "code")

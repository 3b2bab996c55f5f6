"""Whoever passes an object on declares every attribute of it: Terraform drops the others."""

import re
from pathlib import Path

import pytest

TERRAFORM = Path(__file__).resolve().parents[3] / "terraform"


def attributes(
    folder: str, variable: str, within: str = "type", *, defaults: bool = False
) -> dict[str, str]:
    """Return names and types of the object that a variable is, or that one of its attributes is.

    Args:
        folder: Of a module or stack, below terraform/.
        variable: An object, or a map of them.
        within: Attribute that is meant; the variable itself if not given.
        defaults: With them, the whole `optional(…)`; without, a default may take several lines.
    """
    files = (TERRAFORM / folder).glob("variables*.tf")
    text = "\n".join(path.read_text() for path in files)
    block = text.partition(f'variable "{variable}" {{')[2].partition("\n}\n")[0]
    body = rf"^( +){within} += (?:optional\()?(?:map\()?object\(\{{\n(.*?)^\1}}\)"
    found = re.search(body, block, re.MULTILINE | re.DOTALL)
    assert found, f"{folder} has no object {variable}"
    declared = re.findall(r"^ +(\w+) += (.+)$", found.group(2), re.MULTILINE)
    if defaults:
        return dict(declared)
    return {name: re.sub(r"^optional\((.+?)(, .*|\))$", r"\1", kind) for name, kind in declared}


def test_batch_scheduler_passes_all_access_on() -> None:
    access = attributes("modules/batch-scheduler", "access")
    assert {"secrets", "statements", "condition"} <= access.keys()
    assert access == attributes("modules/function", "access")


def test_batch_scheduler_passes_all_of_the_code_on() -> None:
    code = attributes("modules/batch-scheduler", "function", within="code")
    assert "handler" in code
    assert code == attributes("modules/function", "code")


def test_batch_scheduler_passes_all_of_the_file_system_on() -> None:
    file_system = attributes("modules/batch-scheduler", "function", within="file_system")
    assert "mount_path" in file_system
    assert file_system == attributes("modules/function", "file_system")


def test_the_archive_passes_all_of_its_host_s_shares_on() -> None:
    shares = attributes("stacks/archive", "host", within="shares")
    assert "server" in shares
    assert shares == attributes("modules/archive-host", "shares")


def test_the_archive_s_host_is_the_module_s_unless_told_otherwise() -> None:
    machine = attributes("stacks/archive", "host", within="instance", defaults=True)
    assert "type" in machine
    assert machine == attributes("modules/archive-host", "instance", defaults=True)


def test_the_archive_s_page_is_the_module_s_unless_told_otherwise() -> None:
    page = attributes("stacks/archive", "host", within="page", defaults=True)
    assert "port" in page
    assert page == attributes("modules/archive-host", "network", within="page", defaults=True)


@pytest.mark.parametrize(
    "variable",
    ["agent", "alarms", "budget", "model", "pacing", "processing", "search", "transfer", "vpn"],
)
def test_nas_sync_passes_all_of_the_module_s_settings_on(variable: str) -> None:
    given = attributes("stacks/nas-sync", variable)
    assert given
    assert given == attributes("modules/datasync", variable)

"""Where Terraform's providers come from: a mirror on this machine, or else the registry.

A mirror is a folder named `registry.terraform.io` below one of the usual places. Terraform
looks into some of them by itself; for the others it needs a CLI configuration, which is written
into .local. A configuration of one's own always wins.
"""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from scripts import files
from scripts.setup.console import LOCAL, TOOLS, say

REGISTRY = "registry.terraform.io"
CLI_CONFIG = LOCAL / "terraform.rc"
PLUGIN_CACHE = TOOLS / "terraform-providers"
PREFIXES = (
    "~/.terraform.d/plugins",
    "~/.local/share/terraform",
    "/usr/local/share/terraform",
    "/usr/share/terraform",
    "/opt",
)
_DEPTH = 4


def find_mirror() -> Path | None:
    """Return the first folder that mirrors the registry, the one TF_PLUGIN_DIR names first."""
    named = os.environ.get("TF_PLUGIN_DIR")
    places = (Path(place).expanduser() for place in (*filter(None, [named]), *PREFIXES))
    return next((mirror for place in places for mirror in _mirrors(place, _DEPTH)), None)


def _mirrors(folder: Path, depth: int) -> Iterator[Path]:
    """Yield folders above `registry.terraform.io`, at most `depth` levels below `folder`."""
    try:
        children = sorted(child for child in folder.iterdir() if child.is_dir())
    except OSError:
        return
    if any(child.name == REGISTRY for child in children):
        yield folder
    elif depth > 1:
        for child in children:
            yield from _mirrors(child, depth - 1)


def configure() -> None:
    """Write Terraform's CLI configuration for this machine; remove it where none is needed."""
    mirror = find_mirror()
    if mirror is None:
        CLI_CONFIG.unlink(missing_ok=True)
        say("terraform's providers come from the registry (no mirror on this machine)")
        return
    CLI_CONFIG.parent.mkdir(parents=True, exist_ok=True)
    files.write(CLI_CONFIG, _cli_config(mirror))
    say(f"terraform's providers come from the mirror {mirror}")


def _cli_config(mirror: Path) -> str:
    """Return a configuration: what the mirror has from there, everything else directly."""
    mirrored = [
        f"{REGISTRY}/{namespace.name}/{provider.name}"
        for namespace in sorted((mirror / REGISTRY).iterdir())
        for provider in sorted(namespace.iterdir())
    ]
    names = json.dumps(mirrored)
    return (
        "provider_installation {\n"
        f"  filesystem_mirror {{\n    path    = {json.dumps(str(mirror))}\n"
        f"    include = {names}\n  }}\n"
        f"  direct {{\n    exclude = {names}\n  }}\n"
        "}\n"
    )


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """Return the variables Terraform is started with, made from those that are `given`.

    A TF_CLI_CONFIG_FILE that names a file is respected, as is a ~/.terraformrc; one that names
    nothing is dropped, since Terraform would go on with a warning and without our mirror.
    """
    env = dict(given)
    env.setdefault("CHECKPOINT_DISABLE", "1")
    env.setdefault("TF_IN_AUTOMATION", "1")
    if not Path(env.get("TF_CLI_CONFIG_FILE", "")).is_file():
        env.pop("TF_CLI_CONFIG_FILE", None)
        if CLI_CONFIG.is_file() and not Path("~/.terraformrc").expanduser().is_file():
            env["TF_CLI_CONFIG_FILE"] = str(CLI_CONFIG)
    if "TF_CLI_CONFIG_FILE" not in env:
        PLUGIN_CACHE.mkdir(parents=True, exist_ok=True)
        env.setdefault("TF_PLUGIN_CACHE_DIR", str(PLUGIN_CACHE))
    return env

"""Programs made on the spot, to stand in PATH for what a machine may or may not have."""

from pathlib import Path


def program(folder: Path, name: str, *lines: str) -> Path:
    """Write a shell script and make it executable."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)
    return path


def terraform(folder: Path, version: str) -> Path:
    """Write a Terraform that knows its version and nothing else."""
    return program(folder, "terraform", f"""echo '{{"terraform_version": "{version}"}}'""")

"""What was built, from what, as `packages.json` beside the zips remembers it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from scripts import files
from scripts.files import sha256


@dataclass(frozen=True)
class Built:
    """What is known of a zip: SHA-256 of inputs and of the zip, sizes in bytes."""

    inputs: str
    sha256: str
    zipped: int
    unzipped: int


def is_current(target: Path, record: Built | None, inputs: str) -> bool:
    """Whether a zip is there, undamaged, and made from these inputs."""
    return (
        record is not None
        and record.inputs == inputs
        and target.is_file()
        and sha256(target) == record.sha256
    )


def recall(memory: Path) -> dict[str, Built]:
    """Return what an earlier build wrote down; nothing where that is missing or unreadable."""
    try:
        return {name: Built(**record) for name, record in json.loads(memory.read_text()).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def remember(memory: Path, records: Mapping[str, Built]) -> None:
    """Write down what was built."""
    known = {name: asdict(record) for name, record in records.items()}
    files.write(memory, json.dumps(known, indent=2))

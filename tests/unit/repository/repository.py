"""The repository as git sees it."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


@cache
def tracked() -> dict[str, str]:
    """Return the text of every tracked file by its path; binary files are left out."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    texts = {}
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.is_file():
            content = path.read_bytes()
            if b"\0" not in content:
                texts[name] = content.decode()
    return texts


def matching(*patterns: str) -> dict[str, str]:
    """Return the tracked files whose path matches one of the glob patterns."""
    return {
        name: text
        for name, text in tracked().items()
        if any(Path(name).match(pattern) for pattern in patterns)
    }

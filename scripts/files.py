"""Where the repository is, and what several commands do with files; standard library only."""

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's content, as hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fingerprint(*parts: bytes | str) -> str:
    """Return one SHA-256 of all parts, and of where each one ends."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(f"{len(data)}:".encode())
        digest.update(data)
    return digest.hexdigest()


def write(path: Path, text: str) -> None:
    """Write a file that nobody sees half written, not even after a crash."""
    fresh = path.with_name(f"{path.name}.part")
    fresh.write_text(text)
    fresh.replace(path)

"""What both extractors are told."""

from __future__ import annotations

from dataclasses import dataclass

from batchworks.settings import Variables

_MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What a file may take, and how its path on the NAS begins where S3 doesn't know it."""

    file_bytes: int  # bigger ones are not downloaded; all that lie in /tmp together aren't bigger
    seconds: int  # to read one file
    memory_mb: int  # MiB of address space of the process that reads files
    nas_location: str


def load(given: Variables) -> Limits:
    """Read them.

    Raises:
        SettingsError: one is malformed; the message names it and the remedy.
    """
    return Limits(
        file_bytes=given.integer("MAX_FILE_BYTES", 256 * _MIB, range(1, 10 * 1024 * _MIB + 1)),
        seconds=given.integer("EXTRACTION_SECONDS", 60, range(1, 601)),
        memory_mb=given.integer("EXTRACTION_MEMORY_MB", 1536, range(384, 10_241)),
        nas_location=given.optional("NAS_LOCATION") or "",
    )

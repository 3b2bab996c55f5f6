"""What FileScanner is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nas_sync import settings
from nas_sync.settings import Common


@dataclass(frozen=True)
class Settings:
    """Everything a scan needs to know."""

    common: Common
    brake_percent: int  # of the known files; more deletions than that stop the batch
    detects_deletions: bool  # DataSync removes what is gone from the NAS
    work_file_size: int  # files in a work file, if there aren't too many


def load(environ: Mapping[str, str]) -> Settings:
    """Read the settings.

    Args:
        environ: such as `os.environ`.

    Raises:
        SettingsError: one is missing or malformed; the message names it and the remedy.
    """
    given = settings.variables(environ)
    return Settings(
        common=settings.common(given),
        brake_percent=given.integer("BRAKE_PERCENT", 5, range(101)),
        detects_deletions=given.choice("PRESERVE_DELETED_FILES", "REMOVE", ("REMOVE", "PRESERVE"))
        == "REMOVE",
        work_file_size=given.integer("WORK_FILE_SIZE", 100, range(1, 10_001)),
    )

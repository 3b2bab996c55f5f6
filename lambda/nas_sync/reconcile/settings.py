"""What BatchReconciler is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nas_sync import settings
from nas_sync.settings import Common, SearchSettings


@dataclass(frozen=True)
class Settings:
    """Everything a reconciliation needs to know."""

    common: Common
    search: SearchSettings
    metadata_table: str
    failure_percent: int  # of the files to extract; more failures than that stop the batch


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
        search=settings.search(given),
        metadata_table=settings.metadata_table(given),
        failure_percent=given.integer("FAILURE_PERCENT", 5, range(101)),
    )

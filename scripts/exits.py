"""How commands end: exit codes, and what a person is told of an error."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from enum import IntEnum

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.markup import escape

from batchworks import logs
from batchworks.errors import JobError, SettingsError
from scripts.background import NotStartedError
from scripts.environments import NotRunningError
from scripts.terminal import harmless

_EXPECTED = (JobError, NotRunningError, NotStartedError, BotoCoreError, ClientError)


class Exit(IntEnum):
    """Exit codes."""

    DONE = 0
    FAILED = 1
    BAD_SETTINGS = 2
    STOPPED_EARLY = 3


def code_of(work: Callable[[], Exit], console: Console) -> Exit:
    """Do a command's work; where it fails, say why and give the code for that."""
    try:
        return work()
    except SettingsError as error:
        _tell(console, "bad settings", error)
        return Exit.BAD_SETTINGS
    except _EXPECTED as error:
        _tell(console, "failed", error)
        return Exit.FAILED
    except Exception:  # noqa: BLE001 - whatever it is, the traceback must not tell a secret
        console.print(harmless(logs.mask(traceback.format_exc())), markup=False)
        return Exit.FAILED


def _tell(console: Console, what: str, error: Exception) -> None:
    console.print(f"[bold red]{what}:[/] {escape(harmless(logs.mask(str(error))))}")

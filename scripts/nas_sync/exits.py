"""What the commands' exit codes mean."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from enum import IntEnum

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.markup import escape

from batchworks import logs
from batchworks.errors import JobError, SettingsError
from scripts.environments import NotRunningError


class Exit(IntEnum):
    """Exit codes of every sub-command."""

    DONE = 0
    FAILED = 1
    BAD_SETTINGS = 2


def code_of(work: Callable[[], Exit], console: Console) -> Exit:
    """Do a command's work; where it fails, say why and give the code for that."""
    try:
        return work()
    except SettingsError as error:
        console.print(f"[bold red]bad settings:[/] {escape(logs.mask(str(error)))}")
        return Exit.BAD_SETTINGS
    except (JobError, NotRunningError, BotoCoreError, ClientError) as error:
        console.print(f"[bold red]failed:[/] {escape(logs.mask(str(error)))}")
        return Exit.FAILED
    except Exception:  # noqa: BLE001 - whatever it is, the traceback must not tell a secret
        console.print(logs.mask(traceback.format_exc()), markup=False)
        return Exit.FAILED

"""Which variables a run by hand gets: the person's, and on `local` those of the local estate."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from batchworks.settings import Variables, read_variables
from scripts.environments import Environment
from sync_batch import JOB

if TYPE_CHECKING:
    from scripts.local_estate.estate import Estate


def settings_file(env: Environment) -> Path:
    """The file with an environment's settings, beside which the commands are typed."""
    return Path(f".env.{env}")


@contextmanager
def lender(
    environ: Mapping[str, str], env: Environment, tell: Callable[[str], None]
) -> Iterator[Estate | None]:
    """The local estate, which lends what is set nowhere; None where nothing is to be lent.

    Args:
        environ: such as `os.environ`.
        env: whose settings.
        tell: is told when an estate is started for this run alone.

    Raises:
        SettingsError: the settings file can't be read.
        NotStartedError: a server of the estate did not start.
    """
    if env is not Environment.LOCAL:
        yield None
        return
    from scripts.local_estate import estate  # noqa: PLC0415 - dev and prd need no PostgreSQL

    given = read_variables(environ, settings_file(env))
    if given.optional("DB_HOST") and _has_key(given):
        yield None
        return
    if running := estate.running():
        estate.lend(running, JOB)
        yield running
        return
    tell("starting PostgreSQL and YouTube for this run; `make up` would leave them running")
    try:
        started = estate.start(estate.LASTING)
        estate.lend(started, JOB)
        yield started
    finally:
        estate.stop(estate.LASTING)


def variables(
    environ: Mapping[str, str], env: Environment, running: Estate | None
) -> dict[str, str]:
    """The environment, completed for a run by hand.

    What is set nowhere is lent by the estate; its YouTube only together with its key, which the
    real one would refuse.

    Args:
        environ: such as `os.environ`.
        env: whose settings.
        running: the estate that lends, if any.

    Raises:
        SettingsError: the settings file can't be read.
    """
    own = {"ENVIRONMENT": env.value, **environ}
    if running is None:
        return own
    from scripts.local_estate.systems.sync_batch import job_settings  # noqa: PLC0415 - as above

    given = read_variables(own, settings_file(env))
    lent = {
        name: value
        for name, value in job_settings(running).items()
        if given.optional(name) is None and not (_has_key(given) and name.startswith("YOUTUBE_"))
    }
    return own | lent


def _has_key(given: Variables) -> bool:
    return any(given.optional(name) for name in ("YOUTUBE_API_KEY", "YOUTUBE_API_KEY_SECRET_ARN"))

"""Which variables a run by hand gets: the person's, and on `local` those of the local estate."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from batchworks.settings import read_variables
from scripts.environments import REGION, Environment


def settings_file(env: Environment) -> Path:
    """The file with an environment's settings, beside which the commands are typed."""
    return Path(f".env.{env}")


@contextmanager
def lender(
    environ: Mapping[str, str], env: Environment, tell: Callable[[str], None]
) -> Iterator[None]:
    """See to it that on `local` an estate runs, as long as settings are missing that it lends.

    Args:
        environ: such as `os.environ`.
        env: whose settings.
        tell: is told when an estate is started for this run alone.

    Raises:
        SettingsError: the settings file can't be read.
    """
    given = read_variables(environ, settings_file(env))
    complete = given.optional("DB_HOST") and given.optional("YOUTUBE_API_KEY")
    if env is not Environment.LOCAL or complete:
        yield
        return
    from scripts.local_estate import estate  # noqa: PLC0415 - dev and prd need no PostgreSQL

    if estate.running():
        yield
        return
    tell("starting PostgreSQL and YouTube for this run; `make up` would leave them running")
    estate.start(estate.LASTING)
    try:
        yield
    finally:
        estate.stop(estate.LASTING)


def variables(environ: Mapping[str, str], env: Environment) -> dict[str, str]:
    """The environment, completed for a run by hand.

    On `local`, what is set nowhere is taken from the estate that `make up` left running; its
    YouTube only together with its key, which the real one would refuse.

    Args:
        environ: such as `os.environ`; also boto3's, so a region is added to it.
        env: whose settings.

    Raises:
        SettingsError: the settings file can't be read.
    """
    os.environ.setdefault("AWS_DEFAULT_REGION", REGION)
    own = {"ENVIRONMENT": env.value, **environ}
    if env is not Environment.LOCAL:
        return own
    from scripts.local_estate import estate  # noqa: PLC0415 - dev and prd need no PostgreSQL

    running = estate.running()
    if running is None:
        return own
    os.environ.update(running.environment())
    given = read_variables(own, settings_file(env))
    has_own_key = given.optional("YOUTUBE_API_KEY") or given.optional("YOUTUBE_API_KEY_SECRET_ARN")
    lent = {
        name: value
        for name, value in running.job_settings().items()
        if given.optional(name) is None and not (has_own_key and name.startswith("YOUTUBE_"))
    }
    return own | lent

"""What an operator does to a deployed job: start it, read its log, stop it, let it go on."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime, timedelta
from typing import Annotated

import boto3
import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from scripts import runs
from scripts.environments import Environment, NotRunningError, enter, function_name

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
console = Console(highlight=False, soft_wrap=True)

Env = Annotated[Environment, typer.Option("--env", help="local, dev or prd")]
Job = Annotated[str, typer.Option(help="name of the job")]


@app.command()
def trigger(
    env: Env,
    job: Job = "sync-batch",
    wait: Annotated[bool, typer.Option(help="follow the run; exit as it ended")] = False,
) -> None:
    """Start a run now, by the same event as `aws events put-events`."""
    enter(env)
    events = boto3.client("events")
    rule = f"{function_name(job, env)}-manual"
    _require(_rules(rule), rule)
    event_id = runs.send_manual_event(events, job, env)
    console.print(f"sent event {event_id}: {job} starts in {env}")
    group = runs.log_group(job, env)
    if not wait:
        console.print(f"its log: make logs ENV={env} JOB={job}")
        return
    ended = None
    for line in runs.follow(boto3.client("logs"), group, event_id):
        console.print(line.readable(), markup=False)
        ended = runs.outcome(line)
    console.print(f"the run ended: {ended}")
    raise typer.Exit({"failed": 1, "partial": 3}.get(ended or "", 0))


@app.command()
def logs(
    env: Env,
    job: Job = "sync-batch",
    since: Annotated[str, typer.Option(help="how far back: 30m, 1h, 2d")] = "1h",
    errors: Annotated[bool, typer.Option(help="only lines with the word ERROR")] = False,
) -> None:
    """Print what the job logged."""
    start = datetime.now(UTC) - _duration(since)
    enter(env)
    count = 0
    group = runs.log_group(job, env)
    for line in runs.read_log(boto3.client("logs"), group, start, "ERROR" if errors else ""):
        console.print(line.readable(), markup=False)
        count += 1
    if not count:
        console.print(f"nothing {'with ERROR ' if errors else ''}in {group} for the last {since}")


@app.command()
def disable(env: Env, job: Job = "sync-batch") -> None:
    """Emergency stop: nothing starts it by itself any more (a run that is under way goes on)."""
    enter(env)
    client = boto3.client("events")
    for name in _starters(job, env):
        client.disable_rule(Name=name)
        console.print(f"disabled {name}")
    console.print(
        f"Manual events still start it, and the next apply enables its rules again; to stop all "
        f"of it for longer, apply enabled = false. To go on: make enable ENV={env} JOB={job}"
    )


@app.command()
def enable(env: Env, job: Job = "sync-batch") -> None:
    """Let schedules and events start runs again."""
    enter(env)
    client = boto3.client("events")
    for name in _starters(job, env):
        client.enable_rule(Name=name)
        console.print(f"enabled {name}")


def _starters(job: str, env: Environment) -> list[str]:
    """The rules that start it by themselves: by the clock, and on events of others.

    A state machine has one rule, of its own name.
    """
    name = function_name(job, env)
    ours = (f"{name}-schedule", f"{name}-on-")
    found = [rule for rule in _rules(name) if rule == name or rule.startswith(ours)]
    return _require(found, f"{name}-schedule")


def _rules(prefix: str) -> list[str]:
    pages = boto3.client("events").get_paginator("list_rules").paginate(NamePrefix=prefix)
    return [rule["Name"] for page in pages for rule in page["Rules"]]


def _require(found: list[str], name: str) -> list[str]:
    if not found:
        raise runs.NoRuleError(f"no rule is named {name}: is the job's stack applied there?")
    return found


def _duration(text: str) -> timedelta:
    match = re.fullmatch(r"(\d+)([mhd])", text)
    if match is None:
        raise typer.BadParameter(f"{text!r} is no length of time: write 30m, 1h or 2d")
    unit = {"m": "minutes", "h": "hours", "d": "days"}[match[2]]
    return timedelta(**{unit: int(match[1])})


def main() -> None:
    """Run the command; what went wrong is one line, and the exit code is 1."""
    try:
        app()
    except (NotRunningError, runs.NoRuleError, runs.NotSentError, runs.NoRunError) as error:
        sys.exit(str(error))
    except (BotoCoreError, ClientError) as error:
        sys.exit(f"AWS: {error}")


if __name__ == "__main__":
    main()

"""`python -m scripts.local_aws`: serve, fire-schedule, iam."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from scripts.local_aws.client import LocalAws
from scripts.local_aws.control_client import LocalAwsError
from scripts.local_aws.exports import EXPORT_SECONDS
from scripts.local_aws.iam.records import IamRecord
from scripts.local_aws.iam.report import denials, uses
from scripts.local_aws.mount_targets import MOUNT_TARGET_SECONDS
from scripts.local_aws.restores import RESTORE_SECONDS
from scripts.local_aws.server import HomeTakenError
from scripts.local_aws.server import serve as serve_until_stopped
from scripts.local_aws.settings import RETRY_DELAYS, Pace, Settings
from scripts.local_aws.tunnels import TUNNEL_SECONDS

app = typer.Typer(help="AWS on this machine.", no_args_is_help=True, add_completion=False)

Home = Annotated[Path, typer.Option(help="Folder of the local AWS; it holds aws.json.")]


def _delays(text: str) -> tuple[float, float]:
    try:
        first, second = map(float, text.split(","))
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not two numbers like 60,120") from None
    return first, second


@app.command()
def serve(
    home: Home,
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 0,
    retry_delays: Annotated[
        str, typer.Option(help="Seconds before the two retries of an asynchronous invocation.")
    ] = ",".join(f"{delay:g}" for delay in RETRY_DELAYS),
    restore_seconds: Annotated[
        float, typer.Option(help="Seconds that a restore of an archived object takes.")
    ] = RESTORE_SECONDS,
    export_seconds: Annotated[
        float, typer.Option(help="Seconds that an export of a table takes.")
    ] = EXPORT_SECONDS,
    *,
    mount_target_seconds: Annotated[
        float, typer.Option(help="Seconds until a mount target is available, or gone.")
    ] = MOUNT_TARGET_SECONDS,
    tunnel_seconds: Annotated[
        float, typer.Option(help="Seconds until a VPN connection is there, up, or gone.")
    ] = TUNNEL_SECONDS,
    trace: Annotated[bool, typer.Option("--trace", help="Print one line per request.")] = False,
) -> None:
    """Serve until stopped; ready when HOME/aws.json exists."""
    pace = Pace(
        _delays(retry_delays),
        restore_seconds,
        export_seconds,
        mount_target_seconds,
        tunnel_seconds,
    )
    try:
        serve_until_stopped(Settings(home.resolve(), pace, port, trace))
    except (HomeTakenError, OSError) as error:
        _fail(error)


@app.command("fire-schedule")
def fire_schedule(rule: str, home: Home) -> None:
    """Let a schedule rule fire now."""
    try:
        LocalAws.running_in(home).fire_schedule(rule)
    except LocalAwsError as error:
        _fail(error)


@app.command("write-inventory")
def write_inventory(bucket: str, home: Home) -> None:
    """Write the inventory reports of a bucket now, and print where their manifests are."""
    try:
        for manifest in LocalAws.running_in(home).write_inventory(bucket):
            typer.echo(manifest)
    except LocalAwsError as error:
        _fail(error)


@app.command()
def iam(home: Home) -> None:
    """Show, role by role, which permissions were used and which never were."""
    try:
        known = LocalAws.running_in(home).iam()
    except LocalAwsError as error:
        _fail(error)
    records = [IamRecord(**record) for record in known["records"]]
    console = Console(highlight=False, soft_wrap=True)
    for role, used in groupby(uses(records, known["grants"]), key=lambda use: use.role):
        console.print(f"[bold]{role}[/bold]")
        for use in used:
            count = f"{use.count:>6}" if use.count else "[yellow] never[/yellow]"
            console.print(f"{count}  {use.sid}  {use.action}")
    for denied in denials(records):
        console.print(
            f"[red]denied[/red] {denied.count} x {denied.role}: {denied.action} {denied.resource}"
        )


def _fail(error: Exception) -> NoReturn:
    typer.echo(f"error: {error}", err=True)
    raise typer.Exit(1)


if __name__ == "__main__":
    app()

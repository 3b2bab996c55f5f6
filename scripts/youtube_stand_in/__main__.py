"""`python -m scripts.youtube_stand_in`: serve until a signal comes."""

import json
import os
import socket
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from aiohttp import web
from rich.console import Console

from scripts.youtube_stand_in.process import LOOPBACK, READY_FILE, write_whole
from scripts.youtube_stand_in.server import application
from scripts.youtube_stand_in.settings import KEY, Settings, SettingsError, changed


def serve(
    home: Annotated[Path, typer.Option(help="Folder for youtube.json, which says it's ready.")],
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 takes a free one.")] = 0,
    config: Annotated[Path | None, typer.Option(help="JSON file of settings.")] = None,
) -> None:
    """Serve the YouTube Data API v3 on the loopback interface."""
    try:
        settings = changed(Settings(), json.loads(config.read_text("utf-8")) if config else {})
    except (OSError, json.JSONDecodeError, SettingsError) as error:
        raise typer.BadParameter(f"{config}: {error}", param_hint="--config") from error
    home.mkdir(parents=True, exist_ok=True)
    app = application(settings)
    with socket.create_server((LOOPBACK, port)) as listener:
        endpoint = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
        app.cleanup_ctx.append(partial(_announce, home / READY_FILE, endpoint))
        web.run_app(app, sock=listener, print=None, access_log=None, shutdown_timeout=0.5)


async def _announce(ready: Path, endpoint: str, _app: web.Application) -> AsyncIterator[None]:
    """Say where the stand-in answers, as long as it does."""
    write_whole(ready, {"endpoint": endpoint, "pid": os.getpid()})
    Console().print(f"YouTube stand-in: {endpoint} (key {KEY}); Ctrl-C ends it")
    yield
    ready.unlink(missing_ok=True)


if __name__ == "__main__":
    typer.run(serve)

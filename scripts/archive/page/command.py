"""`archive page`: serve the lookup page."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from scripts.archive import settings
from scripts.archive.edge import told

OPTIONS = {
    "server.headless": "true",
    "server.fileWatcherType": "none",
    "server.runOnSave": "false",
    "server.enableXsrfProtection": "true",
    "server.showEmailPrompt": "false",
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "client.disableDataExport": "true",  # would be the rows shown, beside our files of all rows
    "theme.base": "light",
    "theme.primaryColor": "#2f5d8a",
}
"""Source: https://docs.streamlit.io/develop/api-reference/configuration/config.toml"""


def command(
    *,
    port: Annotated[int, typer.Option(help="待ち受けるポート。", min=1, max=65535)] = 8501,
    address: Annotated[
        str | None, typer.Option(help="待ち受けるアドレス。省略するとすべてのアドレス。")
    ] = None,
) -> None:
    """検索画面（アーカイブリスト管理画面）を起動します。終了は Ctrl+C です。"""
    with told():
        settings.load_database(os.environ)
        serve(port, address)


def serve(port: int, address: str | None) -> None:
    """Serve until stopped, with nothing but what the page needs."""
    from streamlit.web import cli  # noqa: PLC0415 - takes a second, and no other command needs it

    app = Path(__file__).with_name("app.py")
    cli.main(["run", str(app), *arguments(port, address)], standalone_mode=False)


def arguments(port: int, address: str | None) -> list[str]:
    """Streamlit's options."""
    options = {**OPTIONS, "server.port": str(port)}
    if address:
        options["server.address"] = address
    return [f"--{name}={value}" for name, value in options.items()]

"""The command `archive`."""

from __future__ import annotations

import typer

from scripts.archive.prices.command import command as prices
from scripts.archive.restore.command import command as restore

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def archive() -> None:
    """ファイルサーバーのファイルを Glacier Deep Archive に保管し、復元し、検索します。"""


app.command("restore")(restore)
app.command("prices")(prices)


def main() -> None:
    """Run the command."""
    app()


if __name__ == "__main__":
    main()

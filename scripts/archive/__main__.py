"""The command `archive`. Each sub-command is imported when it is asked for, not before."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from scripts.archive import usage
from scripts.archive.exits import Exit

COMMANDS = {
    "put": "リストのファイルをアーカイブします。",
    "restore": "アーカイブしたファイルの復元を依頼します。",
    "collect": "復元が終わったファイルを取り出します。",
    "find": "アーカイブリストを検索します。",
    "page": "アーカイブリストの検索ページを起動します。",
    "reconcile": "アーカイブリストと S3 を突き合わせます。",
    "rebuild": "S3 からアーカイブリストを作り直します。",
    "templates": "依頼者に渡す Excel の様式を作ります。",
    "prices": "見積もりに使う料金を表示します。",
    "init": "アーカイブリストの表を PostgreSQL に作ります。",
}
"""What `archive --help` says of each; `scripts.archive.<name>.command.command` does it."""


class _OnDemand(TyperGroup):
    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - typer's own, unnamed
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        text = COMMANDS.get(cmd_name)
        return text and TyperCommand(cmd_name, help=text)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[0] not in COMMANDS:
            ctx.fail(f"{args[0]} というコマンドはありません")
        return args[0], _load(args[0]), args[1:]


def _load(name: str) -> Any:
    only = typer.Typer(add_completion=False)
    only.command(name)(import_module(f"scripts.archive.{name}.command").command)
    return get_command(only)


app = typer.Typer(
    cls=_OnDemand,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def archive() -> None:
    """ファイルサーバーのファイルを Glacier Deep Archive に保管し、復元し、検索します。

    終了コード: 0 すべて完了、1 一部失敗、2 確認で問題が見つかり何もしていない、3 指定や設定の誤り。
    """


def main() -> None:
    """Run the command."""
    try:
        code = app(prog_name="archive", standalone_mode=False)
    except typer.TyperException as error:
        if said := usage.explain(error):
            typer.echo(said, err=True)
        code = Exit.USAGE
    except typer.Abort:
        typer.echo("中止しました。", err=True)
        code = Exit.SOME_FAILED
    sys.exit(code)


if __name__ == "__main__":
    main()

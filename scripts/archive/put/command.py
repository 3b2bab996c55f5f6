"""`archive put`: check, preview, ask, archive, tell."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from batchworks.errors import JobError
from scripts.archive import archive_list, clients, consent, lists, say, settings
from scripts.archive.edge import told
from scripts.archive.exits import Exit
from scripts.archive.prices import prices
from scripts.archive.put import delete_originals, run, view
from scripts.archive.put.checking.check import Findings, check
from scripts.archive.put.checking.named import named
from scripts.archive.put.checking.spelling import resolver
from scripts.archive.put.originals import Request
from scripts.archive.put.pace import Pace, remember
from scripts.archive.put.preview import preview
from scripts.archive.put.run import Account
from scripts.archive.put.stop import on_signal
from scripts.archive.put.tools import Tools
from scripts.archive.put.watch import Watch
from scripts.archive.run_files import RunFiles
from scripts.archive.settings import Settings

_THREADS = 32  # that look at files; each waits for the share most of the time


@dataclass(frozen=True)
class Wishes:
    """What the operator asked for, beside the list."""

    request: Request
    yes: bool
    dry_run: bool
    deletes: bool


def command(
    listed: Annotated[
        Path,
        typer.Argument(
            metavar="LIST",
            help="アーカイブするフォルダーとファイルのリスト。見出しが「ディレクトリパス,ファイル名」の"
            " CSV（UTF-8 または Shift_JIS）か、フルパスを 1 行に 1 つ書いたテキストファイル。",
        ),
    ],
    *,
    request_id: Annotated[str, typer.Option(help="依頼ID（FAST の受付番号など）。")],
    requester: Annotated[str | None, typer.Option(help="依頼者。")] = None,
    comment: Annotated[str | None, typer.Option(help="コメント。")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="確認せずに実行します。")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="確認と見積もりだけを行います。")
    ] = False,
    deletes: Annotated[
        bool,
        typer.Option(
            "--delete-originals",
            help="S3 での検証とアーカイブリストへの記録のあとに、元のファイルを削除します。",
        ),
    ] = False,
) -> None:
    """リストのファイルをアーカイブします。すべてを確認し、見積もりを示してから始めます。"""
    wishes = Wishes(Request(request_id, requester, comment), yes, dry_run, deletes)
    with told():
        configured = settings.load(os.environ)
        with RunFiles(configured.reports, datetime.now(UTC)) as files:
            code = _put(listed, wishes, configured, files)
    raise typer.Exit(code)


def _put(listed: Path, wishes: Wishes, configured: Settings, files: RunFiles) -> Exit:
    if wishes.deletes and (wrong := _undeletable(configured)):
        typer.echo(wrong, err=True)
        return Exit.REFUSED
    findings = _check(listed, wishes, configured)
    if findings.problems:
        return _refuse(findings, files)
    _show_preview(findings, wishes, configured, files)
    if not (findings.originals or findings.unmarked or (wishes.deletes and findings.unchanged)):
        typer.echo("アーカイブするファイルはありません")
        say.written(files)
        return Exit.DONE
    if wishes.dry_run:
        say.written(files)
        return Exit.DONE
    consent.ask("アーカイブを始めますか?", yes=wishes.yes)
    return _archive(findings, wishes, configured, files)


def _undeletable(configured: Settings) -> str | None:
    try:
        delete_originals.require_versions(clients.s3(configured.region), configured.bucket)
    except JobError as error:
        return str(error)
    return None


def _check(listed: Path, wishes: Wishes, configured: Settings) -> Findings:
    rows = lists.read(
        listed,
        lists.FILE,
        ignored=say.ignored,
    )
    with (
        closing(archive_list.connect(configured.database)) as connection,
        ThreadPoolExecutor(_THREADS, "check") as pool,
    ):
        seen = view.counted(_console(), named(rows, resolver(configured.shares), pool))
        return check(
            seen,
            wishes.request,
            configured.bucket,
            connection,
            pool,
            deletes=wishes.deletes,
        )


def _refuse(findings: Findings, files: RunFiles) -> Exit:
    for problem in findings.problems:
        files.error(problem.path, "check", "CheckFailed", view.advice(problem))
    for line in view.problems(findings.problems):
        typer.echo(line, err=True)
    for path in files.written.values():
        typer.echo(f"エラーログ: {path}", err=True)
    return Exit.REFUSED


def _show_preview(
    findings: Findings, wishes: Wishes, configured: Settings, files: RunFiles
) -> None:
    for link in findings.links:
        files.error(link.path, "check", "Link", f"{link.line} 行目、リンク先はアーカイブしません")
    price_list = prices.load()
    pace = Pace.of_last_run(configured.reports)
    expected = preview(findings.originals, price_list, pace)
    request_id = wishes.request.request_id
    typer.echo(f"アーカイブの見積もり（依頼ID {request_id}、保存先 s3://{configured.bucket}）")
    for line in view.preview(expected, findings, price_list, pace, deletes=wishes.deletes):
        typer.echo(line)


def _archive(findings: Findings, wishes: Wishes, configured: Settings, files: RunFiles) -> Exit:
    console = _console()
    tools = _tools(configured)
    with on_signal(console.print) as stopped:
        with view.progress(console) as show:
            size = sum(original.size for original in findings.originals)
            watch = Watch(len(findings.originals), size, show)
            account = run.transfer(
                findings, wishes.request, tools, files, watch=watch, stopped=stopped
            )
            seconds = watch.seconds
        run.write_missing_markers(findings.unmarked, tools, files, account)
        if wishes.deletes:
            run.delete(findings, tools, files, account, stopped=stopped)
        remember(configured.reports, account.archived - account.adopted, watch.bytes_sent, seconds)
    for line in view.summary(account, seconds, files.written):
        typer.echo(line)
    return _code(account, interrupted=stopped())


def _console() -> Console:
    return Console(stderr=True, highlight=False, soft_wrap=True)


def _tools(configured: Settings) -> Tools:
    return Tools(
        shares=configured.shares,
        bucket=configured.bucket,
        store=clients.store(configured.bucket, configured.region),
        s3=clients.s3(configured.region),
        connect=partial(archive_list.connect, configured.database),
        marker_suffix=configured.marker_suffix,
    )


def _code(account: Account, *, interrupted: bool) -> Exit:
    return Exit.SOME_FAILED if account.failed or account.kept or interrupted else Exit.DONE

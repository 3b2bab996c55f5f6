"""`archive collect`: bring what was restored to one folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from scripts.archive import archive_list, clients, lists, say, settings
from scripts.archive.amounts import amount
from scripts.archive.batches import batched
from scripts.archive.collect import results, workplace
from scripts.archive.collect.bring import Destination, bring
from scripts.archive.collect.outcomes import Outcome, Status
from scripts.archive.collect.states import CHUNK, Seen, State, first_with_copy, look
from scripts.archive.edge import told
from scripts.archive.exits import Exit
from scripts.archive.restore_list import lookup, problems, selection
from scripts.archive.restore_list.selection import Item, Selection
from scripts.archive.run_files import RunFiles
from scripts.archive.shares import unc

READY = "ready"
_NOT_YET = {
    State.NOT_READY: Outcome(
        Status.NOT_READY, "復元処理中です。Bulk は 48 時間、Standard は 12 時間以内に終わります"
    ),
    State.NO_COPY: Outcome(
        Status.NO_COPY, "復元コピーがありません（未依頼か期限切れ）。もう一度復元を依頼してください"
    ),
}


def command(
    listed: Annotated[
        Path,
        typer.Argument(
            metavar="LIST", help="restore が書き出した restore_requests_….txt、または復元リスト。"
        ),
    ],
    *,
    to: Annotated[
        Path | None,
        typer.Option(help="配置先のフォルダー（省略時は設定 ARCHIVE_RESTORE_FOLDER）。"),
    ] = None,
) -> None:
    """復元が終わったファイルを 1 つのフォルダーに配置します。何度実行しても上書きしません。"""
    with told():
        configured = settings.load(os.environ)
        destination = _destination(to or configured.restored)
        now = datetime.now(UTC)
        with selection.empty() as chosen, RunFiles(configured.reports, now) as files:
            _select(configured, listed, chosen)
            problems.write(chosen, configured.shares, files, stage="collect", paths=results.FAILED)
            _look(configured, chosen, files)
            _warn_if_full(chosen, destination)
            _bring(configured, chosen, files, destination)
            results.write_reports(chosen, files, destination, now)
            whole = _finish(chosen, files)
    raise typer.Exit(Exit.DONE if whole else Exit.SOME_FAILED)


def _destination(folder: Path | None) -> Path:
    problem = None
    if folder is None:
        problem = "配置先がありません。--to か設定 ARCHIVE_RESTORE_FOLDER で指定してください"
    elif not folder.is_dir():
        problem = f"配置先 {folder} がありません。フォルダーを作るか、パスを確認してください"
    if problem or folder is None:
        typer.echo(problem, err=True)
        raise typer.Exit(Exit.USAGE)
    return folder.resolve()


def _select(configured: settings.Settings, listed: Path, chosen: Selection) -> None:
    rows = lists.read(
        listed,
        lists.FILE_TO_RESTORE,
        ignored=say.ignored,
    )
    with closing(archive_list.connect(configured.database)) as connection:
        lookup.select(connection, configured.bucket, configured.shares, rows, chosen)


def _look(configured: settings.Settings, chosen: Selection, files: RunFiles) -> None:
    """Note all that isn't ready as what it is, and the rest as ready."""
    s3 = clients.s3(configured.region)
    for item, seen in look(s3, configured.bucket, chosen.items()):
        if seen.state is State.NO_COPY:
            chosen.note(item.number, State.NO_COPY)
        else:
            _note(chosen, files, item, seen)
    with closing(archive_list.connect(configured.database)) as connection:
        for batch in batched(chosen.items(State.NO_COPY), CHUNK):
            others = lookup.others(connection, configured.bucket, batch)
            restored = first_with_copy(s3, configured.bucket, others)
            for item in batch:
                if found := restored.get(item.key):
                    typer.echo(
                        f"復元を依頼した前の版を使います（新しい版は未依頼）: {unc(item.key)}"
                    )
                    chosen.replace(item, found[0])
                _note(chosen, files, *(found or (item, Seen(State.NO_COPY))))


def _note(chosen: Selection, files: RunFiles, item: Item, seen: Seen) -> None:
    if seen.state is State.READY:
        chosen.note(item.number, READY)
    else:
        failed = Outcome(Status.FAILED, seen.reason, seen.code)
        results.note(chosen, files, item, _NOT_YET.get(seen.state, failed))


def _warn_if_full(chosen: Selection, destination: Path) -> None:
    needed = chosen.bytes_of(READY)
    free = shutil.disk_usage(destination).free
    if needed > free:
        typer.echo(
            f"注意: {destination} の空きは {amount(free)} で、"
            f"配置する {amount(needed)} より少ないです。"
            "入らないファイルは次回のリストに回します",
            err=True,
        )


def _bring(
    configured: settings.Settings, chosen: Selection, files: RunFiles, destination: Path
) -> None:
    store = clients.store(configured.bucket, configured.region)
    with _progress() as progress, workplace.opened(destination) as work:
        task = progress.add_task("取り出し中", total=chosen.bytes_of(READY))
        for item, outcome in bring(
            store,
            chosen.items_by_name(READY),
            Destination(destination, work),
            lambda count: progress.advance(task, count),
        ):
            results.note(chosen, files, item, outcome)
    _sync(destination)


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(binary_units=True),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


def _sync(folder: Path) -> None:
    """Make sure that the names are on the disk before they are reported."""
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _finish(chosen: Selection, files: RunFiles) -> bool:
    text, whole = results.summary(chosen)
    typer.echo(text)
    say.written(files)
    for line in _next_steps(files):
        typer.echo(line)
    return whole


def _next_steps(files: RunFiles) -> Iterator[str]:
    if path := files.written.get(results.NOT_READY):
        yield f"復元処理中のものは、後で実行してください: archive collect {path}"
    if path := files.written.get(results.AGAIN):
        yield f"復元コピーがないものは、もう一度依頼してください: archive restore {path}"
    if path := files.written.get(results.FAILED):
        yield f"失敗したものは、原因を解決して実行してください: archive collect {path}"

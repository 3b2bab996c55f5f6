"""What an operator of put sees."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from scripts.archive.amounts import amount, dollars, duration, elapsed
from scripts.archive.prices.prices import Prices
from scripts.archive.put.checking.check import Findings
from scripts.archive.put.checking.named import EmptyFolder, Named, Problem
from scripts.archive.put.pace import Pace
from scripts.archive.put.preview import Preview
from scripts.archive.put.run import FAILED, Account

_SHOWN = 20
_COUNTED = 1000
_SECONDS_BETWEEN_LINES = 10.0


def counted(console: Console, seen: Iterable[Named]) -> Iterator[Named]:
    """The same, while a terminal shows how far the check is."""
    with console.status("確認しています") as status:
        for number, found in enumerate(seen, 1):
            if number % _COUNTED == 0:
                status.update(f"確認しています（{number:,} 件）")
            yield found


def problems(found: Sequence[Problem]) -> Iterator[str]:
    """Why a list is refused: the first problems, and how many there are."""
    yield f"確認で {len(found):,} 件の問題が見つかりました。何もアーカイブしていません"
    for problem in found[:_SHOWN]:
        yield f"  {problem.path}: {advice(problem)}"
    if len(found) > _SHOWN:
        yield f"  ほか {len(found) - _SHOWN:,} 件（すべてエラーログにあります）"


def advice(problem: Problem) -> str:
    """Where in the list a problem is, why, and what to do."""
    where = f"{problem.line} 行目、" if problem.line else ""
    return f"{where}{problem.reason}。{problem.remedy}"


def preview(
    found: Preview, findings: Findings, prices: Prices, pace: Pace, *, deletes: bool
) -> Iterator[str]:
    """What is about to happen, and what it costs.

    Args:
        deletes: whether originals are deleted afterwards.
    """
    yield f"  対象: {found.files:,} ファイル、{amount(found.size)}"
    yield from _left_out(findings)
    sure = "" if prices.confirmed else "、AWS の料金表で未確認の値を含む"
    yield f"  費用（米ドル、{prices.dated} 時点の料金{sure}）"
    yield f"    アップロード: {dollars(found.request_cost)}（リクエスト {found.requests:,} 回）"
    yield f"    保管: 月 {dollars(found.month_cost)}"
    yield (
        f"    最低保管料: {dollars(found.minimum_cost)}"
        "（180 日分と 1 件あたり 40 KB の管理領域。早く削除してもかかります）"
    )
    basis = "前回の実績" if pace.measured else "実績がないための仮定"
    yield f"  所要時間: {duration(found.seconds)}（毎秒 {amount(pace.rate)}、{basis}）"
    if deletes:
        count = found.files + len(findings.unchanged)
        yield f"  注意: 検証後に元のファイル {count:,} 件を削除します（--delete-originals）"


def _left_out(findings: Findings) -> Iterator[str]:
    if findings.skipped.total():
        yield f"  対象外: {findings.skipped.total():,} ファイル"
    for reason, count in findings.skipped.items():
        if count:
            yield f"    {reason.value}: {count:,}"
    for link in findings.links[:_SHOWN]:
        yield f"      {link.path}"
    if len(findings.links) > _SHOWN:
        yield f"      ほか {len(findings.links) - _SHOWN:,} 件（すべてエラーログにあります）"
    if findings.unmarked:
        yield f"  マーカーがないため作成: {len(findings.unmarked):,}"
    yield from _empty(findings.empty)


def _empty(folders: Sequence[EmptyFolder]) -> Iterator[str]:
    for folder in folders[:_SHOWN]:
        yield f"  {folder.line} 行目のフォルダーは空です: {folder.path}"
    if len(folders) > _SHOWN:
        yield f"  空のフォルダーはほか {len(folders) - _SHOWN:,} 件"


def summary(account: Account, seconds: float, written: dict[str, Path]) -> Iterator[str]:
    """What became of every file, and where to read on."""
    yield (
        f"依頼 {account.requested:,} = アーカイブ {account.archived:,}"
        f" + 対象外 {account.skipped:,} + 失敗 {account.failed:,}（{elapsed(seconds)}）"
    )
    if account.adopted:
        yield f"  うち送信済みだったもの: {account.adopted:,}"
    if account.unmarked:
        yield f"  警告: マーカーを置けなかったもの {account.unmarked:,}（理由はエラーログ）"
    if account.deleted or account.kept:
        yield f"  元のファイルの削除: {account.deleted:,}、削除できず {account.kept:,}"
    for path in written.values():
        yield f"出力: {path}"
    if FAILED in written:
        yield f"失敗したものだけの再実行: archive put {written[FAILED]} --request-id …"


@contextmanager
def progress(console: Console) -> Iterator[Callable[[float, str], None]]:
    """A bar, or a line now and then where there is no terminal."""
    if not console.is_terminal:
        yield _lines(console)
        return
    columns = (BarColumn(bar_width=24), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda share, text: bar.update(task, completed=share, description=text)


def _lines(console: Console) -> Callable[[float, str], None]:
    last = time.monotonic()

    def show(share: float, text: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _SECONDS_BETWEEN_LINES:
            last = now
            console.print(f"{share:.0%} {text}")

    return show

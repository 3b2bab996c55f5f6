"""`archive restore`: ask for temporary copies of what a list names."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from scripts.archive import archive_list, clock, consent, lists, say, settings
from scripts.archive.edge import told
from scripts.archive.exits import Exit
from scripts.archive.prices import prices
from scripts.archive.restore import engines, results
from scripts.archive.restore.cost import Tier, ready_by
from scripts.archive.restore.plan import Plan, preview, uses_batch
from scripts.archive.restore_list import lookup, problems, selection
from scripts.archive.restore_list.selection import Selection
from scripts.archive.run_files import RunFiles

ENGINES = ("auto", "direct", "batch")
MOST_DAYS = 365


def command(
    listed: Annotated[
        Path,
        typer.Argument(
            metavar="LIST", help="復元リスト（CSV）、またはパスだけを並べたテキストファイル。"
        ),
    ],
    *,
    tier: Annotated[
        str,
        typer.Option(
            help="bulk（48 時間以内）、standard（12 時間以内、割高。依頼者の同意が必要です）。"
        ),
    ] = "bulk",
    days: Annotated[int, typer.Option(help="復元したコピーを残す日数。")] = 7,
    engine: Annotated[
        str, typer.Option(help="auto、direct（1 件ずつ）、batch（S3 バッチオペレーション）。")
    ] = "auto",
    yes: Annotated[bool, typer.Option("--yes", help="確認せずに実行します。")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="見積もりを表示して終わります。")
    ] = False,
) -> None:
    """アーカイブしたファイルの復元を依頼します。取り出しは後日 archive collect で行います。"""
    wanted = _checked(tier, days, engine)
    with told():
        configured = settings.load(os.environ)
        now = datetime.now(UTC)
        with selection.empty() as chosen, RunFiles(configured.reports, now) as files:
            _select(configured, listed, chosen)
            objects, size = chosen.size()
            plan = Plan(objects, size, wanted, days, uses_batch(engine, objects))
            engine_of = engines.batch(configured) if plan.batch else engines.direct(configured)
            _show(chosen, plan, now)
            if dry_run:
                raise typer.Exit(Exit.DONE)
            if objects:
                consent.ask("この内容で復元を依頼しますか?", yes=yes)
            problems.write(chosen, configured.shares, files, stage="restore", paths=results.ERRORS)
            with engine_of(chosen, plan) as asked:
                for item, outcome in asked:
                    results.note(chosen, files, item, outcome)
                failed = _finish(chosen, files, wanted)
    raise typer.Exit(Exit.SOME_FAILED if failed else Exit.DONE)


def _checked(tier: str, days: int, engine: str) -> Tier:
    problem = None
    if tier.casefold() == "expedited":
        problem = (
            "expedited は Glacier Deep Archive にはありません。"
            "急ぐ場合は依頼者の同意を得て --tier standard（12 時間以内）を指定してください"
        )
    elif tier.casefold() not in list(Tier):
        problem = f"--tier {tier} は使えません。bulk か standard を指定してください"
    elif not 1 <= days <= MOST_DAYS:
        problem = f"--days {days} は使えません。1 から {MOST_DAYS} の日数を指定してください"
    elif engine not in ENGINES:
        problem = f"--engine {engine} は使えません。{'、'.join(ENGINES)} から選んでください"
    if problem:
        typer.echo(problem, err=True)
        raise typer.Exit(Exit.USAGE)
    return Tier(tier.casefold())


def _select(configured: settings.Settings, listed: Path, chosen: Selection) -> None:
    rows = lists.read(
        listed,
        lists.FILE_TO_RESTORE,
        require_header=listed.suffix.casefold() == ".csv",
        ignored=say.ignored,
    )
    with closing(archive_list.connect(configured.database)) as connection:
        lookup.select(connection, configured.bucket, configured.shares, rows, chosen)


def _show(chosen: Selection, plan: Plan, now: datetime) -> None:
    for line in preview(plan, prices.load(), now):
        typer.echo(line)
    if missing := chosen.problem_count():
        typer.echo(
            f"{missing:,} 行はアーカイブリストにない、または読めないため依頼しません:", err=True
        )
        for problem in chosen.problems(10):
            typer.echo(
                f"  {problem.line} 行目 {problem.written}: {problem.reason}。{problem.remedy}",
                err=True,
            )


def _finish(chosen: Selection, files: RunFiles, tier: Tier) -> int:
    results.write_results(chosen, files)
    lines, failed = results.summary(chosen)
    for line in lines:
        typer.echo(line)
    say.written(files)
    if asked := files.written.get(results.REQUESTS):
        ready = clock.minute(ready_by(tier, datetime.now(UTC)))
        typer.echo(f"{ready}（日本時間）までに復元が終わります。そのあと実行してください:")
        typer.echo(f"archive collect {asked}")
    return failed

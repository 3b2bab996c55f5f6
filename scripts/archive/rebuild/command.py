"""`archive rebuild`: the archive list from the bucket alone."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import UTC, datetime

import typer

from scripts.archive import archive_list, bucket_versions, clients, say, settings, shares
from scripts.archive.edge import told
from scripts.archive.exits import Exit
from scripts.archive.rebuild.rows import Progress, rebuild
from scripts.archive.run_files import RunFiles


def command() -> None:
    """S3 だけからアーカイブリストを作り直します。中断しても、再実行で続きから行います。"""
    with told():
        configured = settings.load(os.environ)
        s3 = clients.s3(configured.region)
        with (
            closing(archive_list.connect(configured.database)) as connection,
            RunFiles(configured.reports, datetime.now(UTC)) as files,
        ):
            archive_list.create(connection)
            found = bucket_versions.listed(s3, configured.bucket)
            steps = rebuild(connection, s3, configured.bucket, found, configured.marker_suffix)
            looked_at = inserted = skipped = 0
            for step in steps:
                looked_at += step.looked_at
                inserted += step.inserted
                skipped += len(step.skipped)
                _note(step, files)
                typer.echo(f"確認: {looked_at:,} 件　追加: {inserted:,} 件", err=True)
        known = looked_at - inserted - skipped
        typer.echo(
            f"確認: {looked_at:,} 件　追加: {inserted:,} 件　登録済み: {known:,} 件"
            f"　対象外・失敗: {skipped:,} 件"
        )
        say.written(files)
    raise typer.Exit(Exit.SOME_FAILED if skipped else Exit.DONE)


def _note(step: Progress, files: RunFiles) -> None:
    for each in step.skipped:
        files.error(shares.unc(each.key), "rebuild", each.code, each.reason)

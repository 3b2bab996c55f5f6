"""`archive reconcile`: is all that the list says in the bucket, and nothing else?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scripts.archive import archive_list, bucket_versions, clients, settings, spreadsheet
from scripts.archive.bucket_versions import Version
from scripts.archive.edge import told
from scripts.archive.exits import Exit
from scripts.archive.reconcile import comparison, inventory, report
from scripts.archive.reconcile.comparison import Difference
from scripts.archive.run_files import RunFiles

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LISTING = "listing"


def command(
    *,
    source: Annotated[
        str | None,
        typer.Option(
            "--inventory",
            help="S3 インベントリの場所（s3://…）、または listing（S3 を直接一覧）。"
            "省略すると設定 ARCHIVE_INVENTORY のインベントリ、なければ listing。",
        ),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            "--report",
            help="差異を書き出す CSV ファイル。省略すると差異があるときだけ自動で作ります。",
        ),
    ] = None,
) -> None:
    """アーカイブリストと S3 を突き合わせます。差異は CSV に書き出し、終了コードは 1 です。"""
    with told():
        configured = settings.load(os.environ)
        s3 = clients.s3(configured.region)
        with (
            closing(archive_list.connect(configured.database)) as connection,
            RunFiles(configured.reports, datetime.now(UTC)) as files,
        ):
            newest = comparison.newest_row(connection)
            found, taken, settled = _versions(s3, configured, source)
            results = comparison.compare(
                connection, configured.bucket, found, taken, newest, settled=settled
            )
            tally = _Tally(results)
            _write(configured.bucket, tally, files, to)
        typer.echo(f"照合: {tally.compared:,} 件　差異: {tally.differences:,} 件")
        cloudwatch = clients.cloudwatch(configured.region)
        report.publish(cloudwatch, configured.bucket, tally.differences, tally.compared)
    raise typer.Exit(Exit.SOME_FAILED if tally.differences else Exit.DONE)


class _Tally:
    """The differences, counted as they go by."""

    def __init__(self, results: Iterator[Difference | int]) -> None:
        self._results = results
        self.differences = 0
        self.compared = 0

    def __iter__(self) -> Iterator[Difference]:
        for result in self._results:
            if isinstance(result, int):
                self.compared = result
            else:
                self.differences += 1
                yield result


def _versions(
    s3: S3Client, configured: settings.Settings, source: str | None
) -> tuple[Iterator[Version], datetime, datetime]:
    """What the bucket has, since when it may have changed, and until when nothing is lacking."""
    place = source or configured.inventory or LISTING
    manifest = None if place == LISTING else inventory.newest(s3, place, configured.bucket)
    if manifest is None:
        if place != LISTING:
            typer.echo(f"{place} にインベントリがまだないため、S3 を直接一覧します")
        began = datetime.now(UTC)
        return bucket_versions.listed(s3, configured.bucket), began, began
    taken = inventory.read(s3, manifest, configured.bucket)
    typer.echo(f"インベントリ: {manifest}")
    return inventory.versions(s3, taken), taken.taken, taken.taken - inventory.LATE


def _write(bucket: str, tally: _Tally, files: RunFiles, to: Path | None) -> None:
    rows = report.rows(bucket, tally)
    first = next(rows, None)
    if first is None and to is None:
        return
    path = to or files.create("reconcile", "csv")
    spreadsheet.write_csv(path, report.HEADER, chain([first] if first else [], rows))
    typer.echo(f"出力: {path}")

"""`archive prices`: what the previews count with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import boto3
import typer
from botocore.exceptions import BotoCoreError, ClientError

from batchworks.errors import JobError
from scripts.archive import clock
from scripts.archive.exits import Exit
from scripts.archive.prices import price_list
from scripts.archive.prices.prices import Prices, load, read

ENDPOINT = "us-east-1"
LABELS = {
    "put_per_1000": "アップロード（1,000 件）",
    "storage_gb_month": "Deep Archive 保管（GB・月）",
    "standard_gb_month": "S3 標準 保管（GB・月）",
    "restore_bulk_per_1000": "復元リクエスト Bulk（1,000 件）",
    "restore_standard_per_1000": "復元リクエスト Standard（1,000 件）",
    "retrieval_bulk_gb": "取り出し Bulk (GB)",
    "retrieval_standard_gb": "取り出し Standard (GB)",
    "batch_job": "S3 バッチオペレーション（1 ジョブ）",
    "batch_per_million": "S3 バッチオペレーション（100 万件）",
}


def command(
    *,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="AWS の料金表から最新の料金を取得します。")
    ] = False,
    to: Annotated[
        Path | None, typer.Option(help="取得した料金を書き込むファイル（--refresh と使います）。")
    ] = None,
    region: Annotated[str, typer.Option(help="料金を取得するリージョン。")] = "ap-northeast-1",
) -> None:
    """見積もりに使う料金を表示します。"""
    if refresh != (to is not None):
        typer.echo(
            "--refresh と --to は一緒に指定してください。例: --refresh --to prices.json", err=True
        )
        raise typer.Exit(Exit.USAGE)
    if to is not None:
        _refresh(region, to)
    _show(read(to.read_text("utf-8")) if to else load())


def _refresh(region: str, to: Path) -> None:
    try:
        client = boto3.client("pricing", region_name=ENDPOINT)
        text = price_list.fetch(client, region, clock.today())
        to.write_text(text, "utf-8")
    except (JobError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(Exit.SOME_FAILED) from error
    except (BotoCoreError, ClientError) as error:
        typer.echo(
            f"AWS の料金表を取得できません: {error}\n"
            "認証情報と pricing:GetProducts の権限を確認してください",
            err=True,
        )
        raise typer.Exit(Exit.SOME_FAILED) from error


def _show(prices: Prices) -> None:
    for name, label in LABELS.items():
        typer.echo(f"{label}: {getattr(prices, name):g} USD")
    sure = "" if prices.confirmed else "（AWS の料金表で未確認の値を含みます）"
    typer.echo(f"{prices.dated} 時点{sure} 出典: {prices.source}")

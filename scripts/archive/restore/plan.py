"""What is to be asked for, and what the operator sees of it beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scripts.archive.amounts import amount, dollars
from scripts.archive.clock import minute
from scripts.archive.prices.prices import Prices
from scripts.archive.restore.cost import Tier, cost, ready_by

BATCH_FROM = 20_000
"""Objects from which S3 Batch Operations asks instead of this host."""


@dataclass(frozen=True)
class Plan:
    """What is to be asked for.

    Args:
        objects: how many.
        size: their bytes.
        days: how long the copies stay.
        batch: whether S3 Batch Operations asks.
    """

    objects: int
    size: int
    tier: Tier
    days: int
    batch: bool


def uses_batch(engine: str, objects: int) -> bool:
    """Whether S3 Batch Operations asks, by what the operator said or the number of objects."""
    return objects > 0 and (engine == "batch" or (engine == "auto" and objects > BATCH_FROM))


def preview(plan: Plan, prices: Prices, now: datetime) -> list[str]:
    """What the operator should know before anything is asked for."""
    sure = "" if prices.confirmed else "、AWS の料金表で未確認の値を含む"
    money = cost(prices, plan.tier, plan.objects, plan.size, plan.days, batch=plan.batch)
    return [
        f"対象: {plan.objects:,} ファイル、{amount(plan.size)}",
        *_tier(plan.tier),
        f"完了予定: {minute(ready_by(plan.tier, now))}（日本時間）まで",
        f"保持: 復元完了から {plan.days} 日間（この間に archive collect を実行してください）",
        f"方式: {'S3 バッチオペレーション' if plan.batch else '1 件ずつ依頼'}",
        f"費用の目安（米ドル）: {dollars(money.total)}"
        f"（リクエスト {dollars(money.requests)} + 取り出し {dollars(money.retrieval)}"
        f" + 一時コピーの保管 {dollars(money.copies)}。{prices.dated} 時点の料金{sure}）",
    ]


def _tier(tier: Tier) -> list[str]:
    if tier is Tier.BULK:
        return ["取り出し方法: Bulk（48 時間以内、最も安価）"]
    return [
        "取り出し方法: ★ Standard（12 時間以内）★",
        "★ Standard は割高です。依頼者の同意を得ていることを確認してください ★",
    ]

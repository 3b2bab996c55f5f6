"""What a comparison tells people, and CloudWatch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from scripts.archive import shares
from scripts.archive.reconcile.comparison import Difference, Kind
from scripts.archive.spreadsheet import Row

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

NAMESPACE = "batchworks/archive"
HEADER = (
    "種別", "ディレクトリパス", "アーカイブファイル名", "S3バケット名", "S3キー", "バージョンID",
    "依頼ID", "リストのサイズ", "S3のサイズ", "対処",
)  # fmt: skip
_LABELS = {
    Kind.MISSING: "S3にない",
    Kind.UNEXPECTED: "リストにない",
    Kind.SIZE: "サイズが違う",
    Kind.CONTENT: "内容が違う",
    Kind.STORAGE_CLASS: "保管クラスが違う",
    Kind.DELETED: "削除マーカーがある",
}
_REMEDIES = {
    Kind.MISSING: "管理者に連絡してください。管理者が行を消すと、原本を archive put で取り直せます",
    Kind.UNEXPECTED: "archive rebuild でリストに加えてください",
    Kind.SIZE: "S3 の監査ログを確認し、管理者に連絡してください",
    Kind.CONTENT: "S3 の監査ログを確認し、管理者に連絡してください",
    Kind.STORAGE_CLASS: "Deep Archive ではありません。料金を確認し、管理者に連絡してください",
    Kind.DELETED: "削除マーカーを消すと元に戻ります。誰が消したかを監査ログで確認してください",
}


def rows(bucket: str, differences: Iterable[Difference]) -> Iterator[Row]:
    """The rows of the report."""
    for each in differences:
        yield (
            _LABELS[each.kind], shares.directory(each.key), shares.name(each.key), bucket, each.key,
            each.version_id, each.request_id, each.recorded_size, each.size, _REMEDIES[each.kind],
        )  # fmt: skip


def publish(cloudwatch: CloudWatchClient, bucket: str, differences: int, compared: int) -> None:
    """Send the metrics that alarms look at."""
    dimensions = [{"Name": "Bucket", "Value": bucket}]
    cloudwatch.put_metric_data(
        Namespace=NAMESPACE,
        MetricData=[
            {"MetricName": name, "Dimensions": dimensions, "Value": value, "Unit": "Count"}  # type: ignore[typeddict-item]
            for name, value in (("Differences", differences), ("Reconciled", compared))
        ],
    )

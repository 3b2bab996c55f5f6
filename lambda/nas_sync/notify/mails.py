"""The texts of the two mails, in Japanese, always shorter than 10 KiB. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypedDict

from nas_sync.messages import shortened
from nas_sync.notify.causes import Failure
from nas_sync.notify.remedies import Place, remedy
from nas_sync.reasons import explanation

SUCCEEDED = "✅ CIS Monthly Batch Sync Completed Successfully"
FAILED = "❌ CIS Monthly Batch Sync Failed"
LONGEST = 9 * 1024  # bytes; JSON adds a little on its way through the state machine
_REASONS = 20  # as many are listed
_KINDS = {"initial": "初回", "monthly_scheduled": "月次", "manual": "手動"}


class Mail(TypedDict):
    """What is sent."""

    subject: str
    message: str


def success(report: Mapping[str, Any], raw_bucket: str, execution: str) -> Mail:
    """The mail of a run that succeeded.

    Args:
        report: `report.json` of the batch.
        raw_bucket: where its reports are.
        execution: ARN.
    """
    return Mail(
        subject=SUCCEEDED, message=_fitting("\n".join(_told(report, raw_bucket, execution)))
    )


def failed(
    failure: Failure, request: Mapping[str, Any], place: Place, transfer: str | None
) -> Mail:
    """The mail of a run that failed.

    Args:
        failure: what ended it.
        request: what was asked for.
        place: what commands name.
        transfer: the last one's error in DataSync's words; None where it had none.
    """
    lines = [
        "NAS の同期バッチが失敗しました。",
        "",
        f"失敗したステップ: {failure.state or '不明'}",
        f"エラー: {shortened(failure.error, 200)}",
        f"原因: {failure.cause}",
        *([f"転送のエラー: {shortened(transfer, 1000)}"] if transfer else []),
        "",
        "■ 次にすること",
        remedy(failure.error, failure.state, place),
        "",
        f"バッチの種類: {_kind(request)}",
        f"バッチ: {place.batch or '(転送の前に失敗しました)'}",
        f"実行の ARN: {place.execution}",
    ]
    return Mail(subject=FAILED, message=_fitting("\n".join(lines)))


def _told(report: Mapping[str, Any], raw_bucket: str, execution: str) -> Iterator[str]:
    yield "NAS の同期バッチが正常に終わりました。"
    yield ""
    yield "■ ファイル"
    yield f"  同期したファイル: {_number(report, 'total_files')} 件"
    yield f"  合計サイズ: {size(int(report.get('total_size_bytes', 0)))}"
    yield (
        f"  今回の変化: 新規 {_number(report, 'new')} 件、変更 {_number(report, 'changed')} 件、"
        f"再試行 {_number(report, 'retried')} 件、移動 {_number(report, 'moved')} 件、"
        f"変化なし {_number(report, 'unchanged')} 件"
    )
    yield ""
    yield "■ 処理"
    yield f"  文字を抽出した文書: {_number(report, 'texts_extracted')} 件"
    yield f"  特徴量を計算した画像: {_number(report, 'images_processed')} 件"
    yield f"  索引に中身があるファイル: {_number(report, 'indexed')} 件"
    yield f"  スキップ(名前だけで検索できます): {_number(report, 'skipped')} 件"
    yield f"  失敗(次回もう一度試します): {_number(report, 'failed')} 件"
    yield from _reasons(report.get("reasons", {}))
    yield from _deleted(report)
    yield ""
    yield "■ 照合"
    yield (
        f"  S3 {_number(report, 'scanned')} 件 = OpenSearch {_number(report, 'opensearch')} 件"
        f" = DynamoDB {_number(report, 'dynamodb')} 件"
    )
    yield ""
    if report.get("problems_key"):
        yield f"スキップと失敗の一覧: s3://{raw_bucket}/{report['problems_key']}"
    yield f"バッチの種類: {_kind(report)}"
    yield f"バッチ: {report.get('batch', '')}"
    yield f"実行の ARN: {execution}"


def _reasons(reasons: Mapping[str, int]) -> Iterator[str]:
    if not reasons:
        return
    yield ""
    yield "■ スキップ・失敗の理由"
    most = sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))
    for code, count in most[:_REASONS]:
        yield f"  {code}: {count:,} 件 {explanation(code)}"
    if rest := sum(count for _, count in most[_REASONS:]):
        yield f"  その他: {rest:,} 件"


def _deleted(report: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    yield "■ NAS で削除されたファイル"
    if not report.get("deletions_detected", True):
        yield "  転送の設定が PRESERVE のため、削除は検出されません。"
        return
    moved = int(report.get("moved", 0))
    gone = f"  削除 {_number(report, 'archived')} 件(保管用バケットに移しました)"
    if lost := int(report.get("not_archived", 0)):
        gone += f"、版が残っておらず移せなかったもの {lost:,} 件"
    yield gone + (f"、移動 {moved:,} 件" if moved else "")


def size(count: int) -> str:
    """A number of bytes as people read it."""
    for unit, least in (("TiB", 2**40), ("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if count >= least:
            return f"{count / least:.1f} {unit}({count:,} バイト)"
    return f"{count:,} バイト"


def _number(report: Mapping[str, Any], name: str) -> str:
    return f"{int(report.get(name, 0)):,}"


def _kind(request: Mapping[str, Any]) -> str:
    kind = str(request.get("batch_type") or "-")
    return f"{_KINDS[kind]}({kind})" if kind in _KINDS else shortened(kind, 100)


def _fitting(text: str) -> str:
    """The text, cut at a character boundary where it is too long."""
    encoded = text.encode()
    if len(encoded) <= LONGEST:
        return text
    head, tail = encoded[: LONGEST - 2048], encoded[-2000:]  # commands and ARNs stand at the end
    return head.decode(errors="ignore") + "\n…\n" + tail.decode(errors="ignore")

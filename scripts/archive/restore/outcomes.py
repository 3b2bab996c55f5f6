"""What becomes of an object that is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from batchworks.errors import THROTTLED


class Status(StrEnum):
    """What became of an object, as the result CSV says it."""

    REQUESTED = "復元依頼済み"
    IN_PROGRESS = "復元処理中"
    RESTORED = "復元済み"
    READABLE = "復元不要"
    DENIED = "権限なし"
    GONE = "S3にありません"
    FAILED = "失敗"
    NOT_ASKED = "未依頼"


COLLECTABLE = (Status.REQUESTED, Status.IN_PROGRESS, Status.RESTORED, Status.READABLE)
"""What `collect` can take, now or later."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one object.

    Args:
        detail: until when, or why not and what to do.
        code: AWS's error code; empty where there is none.
        systemic: every other object would meet the same.
    """

    status: Status
    detail: str = ""
    code: str = ""
    systemic: bool = False


_BY_CODE = {
    "RestoreAlreadyInProgress": (Status.IN_PROGRESS, "前の依頼の処理が続いています"),
    "InvalidObjectState": (Status.READABLE, "アーカイブ階層にないため、今すぐ collect できます"),
    "AccessDenied": (
        Status.DENIED,
        "権限がありません。実行ロールの s3:RestoreObject と KMS の権限を確認してください",
    ),
    "NoSuchKey": (Status.GONE, "S3 にありません。archive reconcile を実行してください"),
    "NoSuchVersion": (Status.GONE, "S3 にこの版がありません。archive reconcile を実行してください"),
    "MethodNotAllowed": (
        Status.GONE,
        "S3 で削除されました。archive reconcile を実行してください",
    ),
}
_SYSTEMIC = frozenset(
    {
        "NoSuchBucket",
        "ExpiredToken",
        "InvalidAccessKeyId",
        "InvalidToken",
        "SignatureDoesNotMatch",
        "RequestTimeTooSkewed",
        "TokenRefreshRequired",
        "NoCredentials",
        "EndpointConnectionError",
    }
)
THROTTLING = THROTTLED | {"503", "ServiceUnavailable", "TooManyRequests"}


def refused(code: str, message: str) -> Outcome:
    """What an error of RestoreObject means.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html
    """
    if known := _BY_CODE.get(code):
        return Outcome(known[0], known[1], code)
    advice = "時間をおいて restore_errors のリストで再実行してください"
    return Outcome(Status.FAILED, f"{message}。{advice}", code, code in _SYSTEMIC)

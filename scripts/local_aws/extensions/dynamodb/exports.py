"""Exports: moto's write one file at once, of everything, with nobody's permissions.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExportTableToPointInTime.html
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from moto.core.responses import ActionResult
from moto.dynamodb.exceptions import (
    ERROR_TYPE_PREFIX,
    DynamodbException,
    MockValidationException,
    PointInTimeRecoveryUnavailable,
    ResourceNotFoundException,
    TableNotFoundException,
)
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler
from moto.s3.exceptions import MissingBucket
from moto.s3.models import FakeKey

from scripts.local_aws.account import PARTITION
from scripts.local_aws.batch_operations.objects import backend as buckets
from scripts.local_aws.exports import EXPORTS, ExportError, Work
from scripts.local_aws.extensions.dynamodb import export_files, history
from scripts.local_aws.extensions.dynamodb.export_times import Wanted, read
from scripts.local_aws.iam.decisions import may
from scripts.local_aws.iam.sessions import Session, of_key
from scripts.local_aws.patching import replace

LIMIT = 300
"""Exports at a time:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html"""

_NEEDED = ("s3:PutObject", "s3:PutObjectAcl", "s3:AbortMultipartUpload")
"""What whoever asks for an export needs in the bucket:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport_Requesting.html"""

_ENCRYPTIONS = {"AES256": "AES256", "KMS": "aws:kms"}
_PAGE = 25


@dataclass
class Export:
    """An export of a table.

    Attributes:
        asked: The request.
        asking: Whose permissions it writes with; None for somebody who may do everything.
        records: What it writes: of the moment when it was asked for.
        outcome: What DescribeExport says besides `described`.
    """

    arn: str
    table: str
    table_id: str
    asked: dict[str, Any]
    asking: Session | None
    wanted: Wanted
    records: list[export_files.Record]
    start: int
    outcome: dict[str, Any] = field(default_factory=lambda: {"ExportStatus": "IN_PROGRESS"})

    @property
    def base(self) -> str:
        prefix = self.asked.get("S3Prefix", "").strip("/")
        return f"{prefix}/AWSDynamoDB" if prefix else "AWSDynamoDB"

    @property
    def folder(self) -> str:
        return f"{self.base}/{self.arn.rsplit('/', 1)[-1]}"

    @property
    def data_folder(self) -> str:
        """Incremental exports of a prefix share one."""
        return f"{self.base if self.wanted.incremental else self.folder}/data"

    def describe(self) -> dict[str, Any]:
        """What DescribeExport says."""
        described = {
            "ExportArn": self.arn,
            "TableArn": self.table,
            "TableId": self.table_id,
            "StartTime": self.start / 1e6,
            "ExportFormat": "DYNAMODB_JSON",
            "S3SseAlgorithm": "AES256",
        }
        return {**described, **self.asked, **self.wanted.described(), **self.outcome}

    def finish(self) -> None:
        """Write everything and be completed, or fail."""
        try:
            totals, files = export_files.write_data(self.write, self.data_folder, self.records)
            end = history.now()
            summary = self._summary(totals, end)
            export_files.write_manifests(self.write, self.folder, files, summary)
        except ExportError as error:
            self.fail(error)
            return
        self.outcome = {
            "ExportStatus": "COMPLETED",
            "EndTime": end / 1e6,
            "ExportManifest": f"{self.folder}/manifest-summary.json",
            "ItemCount": totals.items,
            "BilledSizeBytes": totals.size,
        }

    def fail(self, error: ExportError) -> None:
        """Have failed; what is written stays."""
        self.outcome = {
            "ExportStatus": "FAILED",
            "EndTime": history.now() / 1e6,
            "FailureCode": error.code,
            "FailureMessage": str(error),
        }

    def write(self, key: str, content: bytes, needed: tuple[str, ...] = _NEEDED[:1]) -> FakeKey:
        """Write an object with the permissions of whoever asked for the export.

        Raises:
            ExportError: He may not, or there is no such bucket.
        """
        bucket = self.asked["S3Bucket"]
        resource = f"arn:{PARTITION}:s3:::{bucket}/{key}"
        for action in needed:
            refusal = self.asking and may(
                self.asking, action, resource, {"aws:viaawsservice": "true"}
            )
            if refusal:
                raise ExportError("S3AccessDenied", f"Access Denied: {action} {refusal}")
        encryption = _ENCRYPTIONS[self.asked.get("S3SseAlgorithm", "AES256")]
        key_id = self.asked.get("S3SseKmsKeyId")
        try:
            return buckets().put_object(
                bucket, key, content, encryption=encryption, kms_key_id=key_id
            )
        except MissingBucket:
            raise ExportError("S3NoSuchBucket", "The specified bucket does not exist") from None

    def begin(self) -> None:
        """Write the file that says so; the export fails if that isn't possible."""
        self.write(f"{self.folder}/_started", b"", _NEEDED)

    def _summary(self, totals: export_files.Totals, end: int) -> dict[str, Any]:
        head = {
            "version": "2023-08-01" if self.wanted.incremental else "2020-06-30",
            "exportArn": self.arn,
            "startTime": export_files.moment(self.start),
            "endTime": export_files.moment(end),
            "tableArn": self.table,
            "tableId": self.table_id,
        }
        place = {
            "s3Bucket": self.asked["S3Bucket"],
            "s3Prefix": self.asked.get("S3Prefix"),
            "s3SseAlgorithm": self.asked.get("S3SseAlgorithm", "AES256"),
            "s3SseKmsKeyId": self.asked.get("S3SseKmsKeyId"),
            "manifestFilesS3Key": f"{self.folder}/manifest-files.json",
            "billedSizeBytes": totals.size,
            "itemCount": totals.items,
            "outputFormat": "DYNAMODB_JSON",
        }
        return {
            **head,
            **self.wanted.times_of_manifest(),
            **place,
            **self.wanted.kind_of_manifest(),
        }


_exports: dict[str, Export] = {}


class _Refused(DynamodbException):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(ERROR_TYPE_PREFIX + code, message)


@replace(DynamoHandler)
def export_table_to_point_in_time(self: DynamoHandler) -> ActionResult:
    asked = dict(self.body)
    table = _table(self, asked["TableArn"])
    kept = history.of(table)
    if kept is None:
        raise PointInTimeRecoveryUnavailable(table.name)
    asked.setdefault("ClientToken", str(uuid.uuid4()))
    if known := _same_request(asked):
        return ActionResult({"ExportDescription": known.describe()})
    if EXPORTS.count() >= LIMIT:
        raise _Refused("LimitExceededException", f"More than {LIMIT} exports are in progress.")
    wanted = read(asked, table, kept)
    export = _new(table, asked, wanted, of_key(self.get_access_key()), wanted.records(table, kept))
    _exports[export.arn] = export
    answer = export.describe()
    try:
        export.begin()
    except ExportError as error:
        export.fail(error)
    else:
        EXPORTS.begin(Work(export.finish, export.fail))
    return ActionResult({"ExportDescription": answer})


def _table(handler: DynamoHandler, arn: str) -> Table:
    try:
        return handler.dynamodb_backend.get_table(arn)
    except ResourceNotFoundException:
        raise TableNotFoundException(arn) from None


def _same_request(asked: dict[str, Any]) -> Export | None:
    for known in _exports.values():
        if known.asked["ClientToken"] == asked["ClientToken"]:
            if known.asked != asked:
                raise _Refused(
                    "ExportConflictException",
                    "Duplicate request detected with a different request body",
                )
            return known
    return None


def _new(
    table: Table,
    asked: dict[str, Any],
    wanted: Wanted,
    asking: Session | None,
    records: list[export_files.Record],
) -> Export:
    start = history.now()
    name = f"{start // 1000:014d}-{uuid.uuid4().hex[:8]}"
    table_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{table.table_arn} {table.created_at}"))
    return Export(
        arn=f"{table.table_arn}/export/{name}",
        table=table.table_arn,
        table_id=table_id,
        asked=asked,
        asking=asking,
        wanted=wanted,
        records=records,
        start=start,
    )


@replace(DynamoHandler)
def describe_export(self: DynamoHandler) -> ActionResult:
    arn = self.body["ExportArn"]
    if "/export/" not in arn:
        raise MockValidationException("Invalid Export ARN")
    if arn not in _exports:
        raise _Refused("ExportNotFoundException", f"Export not found: {arn}")
    return ActionResult({"ExportDescription": _exports[arn].describe()})


@replace(DynamoHandler)
def list_exports(self: DynamoHandler) -> ActionResult:
    """In reverse order of their ARNs, page by page."""
    table, after = self.body.get("TableArn"), self.body.get("NextToken")
    found = sorted((each for each in _exports.values() if table in (None, each.table)), key=_arn)
    found = [each for each in reversed(found) if after is None or each.arn < after]
    size = min(self.body.get("MaxResults", _PAGE), _PAGE)
    page = {"ExportSummaries": [_summary(each) for each in found[:size]]}
    more = {"NextToken": found[size - 1].arn} if len(found) > size else {}
    return ActionResult({**page, **more})


def _arn(export: Export) -> str:
    return export.arn


def _summary(export: Export) -> dict[str, str]:
    return {
        "ExportArn": export.arn,
        "ExportStatus": export.outcome["ExportStatus"],
        "ExportType": "INCREMENTAL_EXPORT" if export.wanted.incremental else "FULL_EXPORT",
    }

from collections.abc import Iterator
from typing import Any

import pytest

from scripts.local_estate import app_tables
from tests.system.dynamodb_export.system import (
    BUCKET,
    COMPLETED,
    JOBS,
    NATIVE,
    SMOKE,
    DynamoDbExport,
)
from tests.system.system import applied, eventually

LARGE_ITEMS = 66
LARGE = "大" * 100_000
"""300 KB: DynamoDB gives three such items a page, and 28 are a part of an upload."""

dynamodb_export = applied("dynamodb-export", DynamoDbExport)


@pytest.fixture
def system(dynamodb_export: DynamoDbExport) -> Iterator[DynamoDbExport]:
    """The deployed stack with an empty bucket, empty queues, and a partitioner that waits."""
    _empty(dynamodb_export)
    dynamodb_export.client("events").disable_rule(Name=COMPLETED)
    yield dynamodb_export
    dynamodb_export.client("events").enable_rule(Name=COMPLETED)
    dynamodb_export.aws.release()
    dynamodb_export.kill_handlers()
    eventually(lambda: not dynamodb_export.handlers(), "no handler is left")


@pytest.fixture
def backed_up(system: DynamoDbExport) -> DynamoDbExport:
    """With backups that begin now: no export of another test is asked for again."""
    for table in NATIVE:
        system.back_up(table)
    system.aws.age_backups(2)  # AWS counts in whole seconds, and exports nothing of this one
    return system


@pytest.fixture(scope="module")
def large(dynamodb_export: DynamoDbExport) -> Iterator[str]:
    """A table whose scan is uploaded in parts."""
    client = dynamodb_export.client("dynamodb")
    app_tables.make(client, SMOKE, 300)
    app_tables.fill(client, SMOKE, map(_large, range(LARGE_ITEMS)))
    yield SMOKE
    client.delete_table(TableName=SMOKE)


def _large(number: int) -> dict[str, Any]:
    return {"id": {"S": f"large#{number:03}"}, "text": {"S": LARGE}}


def _empty(system: DynamoDbExport) -> None:
    system.aws.fail_exports("Abandoned", "the test that asked for it is over")
    s3 = system.client("s3")
    for key in system.objects(""):
        s3.delete_object(Bucket=BUCKET, Key=key)
    for upload in s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", []):
        s3.abort_multipart_upload(Bucket=BUCKET, Key=upload["Key"], UploadId=upload["UploadId"])
    for job in JOBS:
        function = system.function(job)
        for letter in function.dead_letters():
            system.client("sqs").delete_message(
                QueueUrl=function.dead_letter_url(), ReceiptHandle=letter["ReceiptHandle"]
            )

"""A table that is exported, and how to read what was exported of it."""

from __future__ import annotations

import gzip
import json
from typing import Any

from tests.unit.local_aws.workshop import Workshop, arn, unique


class Table:
    """A table, and a bucket that it is exported to."""

    def __init__(self, workshop: Workshop, *, recovery: bool = True, bucket: str = "") -> None:
        self.dynamodb = workshop.aws.client("dynamodb")
        self.s3 = workshop.aws.client("s3")
        self.name = unique("table")
        self.arn = arn("dynamodb", f"table/{self.name}")
        self.bucket = bucket or workshop.bucket()
        self.dynamodb.create_table(
            TableName=self.name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        if recovery:
            self.dynamodb.update_continuous_backups(
                TableName=self.name,
                PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
            )

    def put(self, name: str, **attributes: str) -> None:
        named = {key: {"S": value} for key, value in attributes.items()}
        self.dynamodb.put_item(TableName=self.name, Item={"id": {"S": name}, **named})

    def update(self, name: str, value: str) -> None:
        self.dynamodb.update_item(
            TableName=self.name,
            Key={"id": {"S": name}},
            UpdateExpression="SET v = :v",
            ExpressionAttributeValues={":v": {"S": value}},
        )

    def delete(self, name: str) -> None:
        self.dynamodb.delete_item(TableName=self.name, Key={"id": {"S": name}})

    def export(self, client: Any = None, **settings: Any) -> dict[str, Any]:
        """Ask for an export."""
        asked = {"TableArn": self.arn, "S3Bucket": self.bucket, "S3Prefix": "raw/x", **settings}
        answer = (client or self.dynamodb).export_table_to_point_in_time(**asked)
        described: dict[str, Any] = answer["ExportDescription"]
        return described

    def describe(self, export: dict[str, Any]) -> dict[str, Any]:
        answer = self.dynamodb.describe_export(ExportArn=export["ExportArn"])
        described: dict[str, Any] = answer["ExportDescription"]
        return described

    def read(self, key: str) -> bytes:
        content: bytes = self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        return content

    def objects(self) -> list[str]:
        listed = self.s3.list_objects_v2(Bucket=self.bucket).get("Contents", [])
        return [each["Key"] for each in listed]

    def manifest(self, export: dict[str, Any]) -> dict[str, Any]:
        manifest: dict[str, Any] = json.loads(self.read(export["ExportManifest"]))
        return manifest

    def lines(self, export: dict[str, Any]) -> list[Any]:
        """What was exported, file by file as the manifest lists them."""
        files = self.read(self.manifest(export)["manifestFilesS3Key"]).splitlines()
        contents = [gzip.decompress(self.read(json.loads(f)["dataFileS3Key"])) for f in files]
        return [json.loads(line) for content in contents for line in content.splitlines()]

"""List and bucket are equal, or every difference is named, reported and counted."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import Result

from scripts.archive.exits import Exit
from scripts.local_aws import LocalAws
from tests.conftest import Database
from tests.unit.archive.vault import SHARE, Vault

SAME = ("営業部/見積 書+①.xlsx", "営業部/100%.txt", "総務部/a.txt")
FIELDS = ("Size", "LastModifiedDate", "StorageClass", "ETag", "ChecksumAlgorithm")


@pytest.fixture
def vault(aws: LocalAws, database: Database, tmp_path: Path) -> Vault:
    """A bucket and a list that are equal."""
    vault = Vault(aws, database, tmp_path)
    vault.archive(SAME)
    return vault


def with_inventory(vault: Vault) -> None:
    """Let the bucket have an inventory, and write it."""
    target = {"Bucket": f"arn:aws:s3:::{vault.lists}", "Format": "CSV", "Prefix": "inventory"}
    statement = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":'
        f'"s3.amazonaws.com"}},"Action":"s3:PutObject","Resource":"arn:aws:s3:::{vault.lists}/*"}}]}}'
    )
    vault.s3.put_bucket_policy(Bucket=vault.lists, Policy=statement)
    vault.s3.put_bucket_inventory_configuration(
        Bucket=vault.bucket,
        Id="all-versions",
        InventoryConfiguration={
            "Id": "all-versions",
            "IsEnabled": True,
            "IncludedObjectVersions": "All",
            "Schedule": {"Frequency": "Weekly"},
            "OptionalFields": list(FIELDS),
            "Destination": {"S3BucketDestination": target},
        },
    )
    vault.environ["ARCHIVE_INVENTORY"] = f"s3://{vault.lists}/inventory"
    vault.aws.write_inventory(vault.bucket)


def reported(vault: Vault) -> set[tuple[str, str]]:
    """Kind and name of each difference in the report."""
    lines = vault.left("reconcile")
    return {(row["種別"], row["アーカイブファイル名"]) for row in csv.DictReader(lines)}


def damage(vault: Vault) -> None:
    """Let list and bucket differ in every way there is."""
    vault.archive(["x/missing.txt"], upload=False)
    vault.archive(["x/standard.txt"], storage="STANDARD")
    vault.archive(["x/deleted.txt", "x/short.txt", "x/changed.txt"])
    vault.s3.put_object(
        Bucket=vault.bucket, Key=f"{SHARE}/x/=new.txt", Body=b"?", StorageClass="DEEP_ARCHIVE"
    )
    vault.s3.delete_object(Bucket=vault.bucket, Key=f"{SHARE}/x/deleted.txt")
    for column, value, name in (("サイズ", "99", "short"), ("ETag", "'\"0\"'", "changed")):
        vault.database.query(
            f'UPDATE archive_list SET "{column}" = {value} WHERE "アーカイブファイル名" = %s',
            f"{name}.txt",
        )


DAMAGE = {
    ("S3にない", "missing.txt"),
    ("保管クラスが違う", "standard.txt"),
    ("削除マーカーがある", "deleted.txt"),
    ("リストにない", "'=new.txt"),
    ("サイズが違う", "short.txt"),
    ("内容が違う", "changed.txt"),
}


def ends(result: Result, code: Exit, line: str) -> None:
    assert result.exit_code == code, result.output
    assert line in result.output


@pytest.mark.parametrize("inventory", [True, False], ids=["inventory", "listing"])
def test_what_is_equal_ends_well_and_leaves_no_report(vault: Vault, inventory: bool) -> None:
    if inventory:
        with_inventory(vault)

    result = vault.run("reconcile")

    ends(result, Exit.DONE, "照合: 3 件　差異: 0 件")
    assert ("インベントリ: s3://" in result.output) == inventory
    assert vault.left("reconcile") == []


@pytest.mark.parametrize("inventory", [True, False], ids=["inventory", "listing"])
def test_every_difference_is_reported_and_counted(vault: Vault, inventory: bool) -> None:
    damage(vault)
    if inventory:
        with_inventory(vault)

    result = vault.run("reconcile")

    ends(result, Exit.SOME_FAILED, "照合: 8 件　差異: 6 件")
    assert reported(vault) == DAMAGE
    metrics = vault.aws.client("cloudwatch").get_metric_data(
        StartTime=datetime.now(UTC) - timedelta(hours=1),
        EndTime=datetime.now(UTC) + timedelta(hours=1),
        MetricDataQueries=[
            {
                "Id": name.lower(),
                "MetricStat": {
                    "Metric": {
                        "Namespace": "batchworks/archive",
                        "MetricName": name,
                        "Dimensions": [{"Name": "Bucket", "Value": vault.bucket}],
                    },
                    "Period": 60,
                    "Stat": "Maximum",
                },
            }
            for name in ("Differences", "Reconciled")
        ],
    )["MetricDataResults"]
    assert {each["Id"]: each["Values"] for each in metrics} == {
        "differences": [6.0],
        "reconciled": [8.0],
    }


def test_what_came_after_the_inventory_is_left_out(vault: Vault) -> None:
    with_inventory(vault)
    vault.archive(["later.txt"], archived_at=datetime.now(UTC))

    ends(vault.run("reconcile"), Exit.DONE, "照合: 3 件　差異: 0 件")


def test_what_an_inventory_may_not_name_yet_is_left_out(vault: Vault) -> None:
    now = datetime.now(UTC)
    vault.archive(["late.txt"], upload=False, archived_at=now - timedelta(hours=47))
    with_inventory(vault)
    ends(vault.run("reconcile"), Exit.DONE, "照合: 3 件　差異: 0 件")
    ends(vault.run("reconcile", "--inventory", "listing"), Exit.SOME_FAILED, "差異: 1 件")

    vault.archive(["lost.txt"], upload=False, archived_at=now - timedelta(hours=49))

    ends(vault.run("reconcile"), Exit.SOME_FAILED, "照合: 4 件　差異: 1 件")
    assert reported(vault) == {("S3にない", "lost.txt")}


def test_older_versions_count_too(vault: Vault) -> None:
    vault.archive({SAME[0]: b"changed"})
    versions = vault.s3.list_object_versions(Bucket=vault.bucket)["Versions"]
    old = next(each for each in versions if not each["IsLatest"])
    ends(vault.run("reconcile"), Exit.DONE, "照合: 4 件　差異: 0 件")

    vault.s3.delete_object(Bucket=vault.bucket, Key=old["Key"], VersionId=old["VersionId"])

    ends(vault.run("reconcile"), Exit.SOME_FAILED, "照合: 4 件　差異: 1 件")


def test_without_an_inventory_yet_the_bucket_is_listed(vault: Vault) -> None:
    vault.environ["ARCHIVE_INVENTORY"] = f"s3://{vault.lists}/inventory"

    ends(vault.run("reconcile"), Exit.DONE, "インベントリがまだないため")


def test_a_damaged_inventory_is_not_believed(vault: Vault) -> None:
    with_inventory(vault)
    listed = vault.s3.list_objects_v2(Bucket=vault.lists)["Contents"]
    data = next(each["Key"] for each in listed if each["Key"].endswith(".csv.gz"))
    content = vault.s3.get_object(Bucket=vault.lists, Key=data)["Body"].read()
    manifest = next(each["Key"] for each in listed if each["Key"].endswith("manifest.json"))
    vault.s3.put_object(Bucket=vault.lists, Key=data, Body=content + content)
    ends(vault.run("reconcile"), Exit.SOME_FAILED, "が壊れています")

    vault.s3.put_object(Bucket=vault.lists, Key=data, Body=content)
    vault.s3.put_object(Bucket=vault.lists, Key=manifest, Body=b"{}")
    ends(vault.run("reconcile"), Exit.SOME_FAILED, "が壊れています")


def test_an_inventory_of_another_bucket_is_refused(vault: Vault) -> None:
    with_inventory(vault)
    other = vault.environ["ARCHIVE_BUCKET"]
    vault.environ["ARCHIVE_BUCKET"] = vault.lists
    manifests = vault.s3.list_objects_v2(Bucket=vault.lists)["Contents"]
    manifest = next(each["Key"] for each in manifests if each["Key"].endswith("manifest.json"))

    result = vault.run("reconcile", "--inventory", f"s3://{vault.lists}/{manifest}")

    ends(result, Exit.SOME_FAILED, "のインベントリではありません")
    assert other in manifest


def test_a_report_is_written_where_it_is_asked_for(vault: Vault, tmp_path: Path) -> None:
    ends(vault.run("reconcile", "--report", tmp_path / "r.csv"), Exit.DONE, "出力:")

    assert (tmp_path / "r.csv").read_text("utf-8-sig").startswith("種別,")

"""dynamodb-export on one machine: tables into the bucket in both ways, and to their partitions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from rich.table import Table
from rich.tree import Tree

from scripts import runs
from scripts.environments import Environment
from scripts.local_estate import app_tables
from scripts.local_estate.deploy import Deployed
from scripts.local_estate.estate import Estate
from scripts.local_estate.steps import console, step

SHOWN = 3  # items
EXPORTS = "raw/internal/dynamodb-exports/"
COMPLETED = "partition-manager-on-completed"
NEXT = """What to try next
  make demo-dynamodb-export          again, from empty tables
  make up STACK=dynamodb-export      leave it running, then make trigger ENV=local JOB=… WAIT=1
  make export ENV=local              the same scan on this machine, with a progress bar
  make smoke ENV=local               a table of its own there and back
  make test                          everything that is promised here, proven"""


def demo(deployed: Deployed) -> bool:
    """Scan a table, let DynamoDB export the others, verify both, partition them, do it again."""
    estate, bucket = deployed.estate, deployed.outputs["bucket"]
    with step("hold the partition manager back, to see what it will do"):
        estate.aws.client("events").disable_rule(Name=COMPLETED)
    return (
        _scan(estate, bucket)
        and _export(estate)
        and _partition(estate, bucket)
        and _again(estate, bucket)
    )


def _scan(estate: Estate, bucket: str) -> bool:
    console.rule("export-dynamodb reads a table item by item")
    told = _run(estate, "export-dynamodb")
    key = str(told.get("s3Location", "")).removeprefix(f"s3://{bucket}/")
    if told["outcome"] != "complete":
        return False
    found = estate.aws.client("s3").get_object(Bucket=bucket, Key=key)
    text = found["Body"].read().decode()
    facts = {
        "key": key,
        "size": f"{found['ContentLength']:,} bytes, {found['ServerSideEncryption']}",
        **found["Metadata"],
        "items in DynamoDB": str(_count(estate, app_tables.MAIN)),
    }
    _show_facts("The object", facts)
    console.print(f"{SHOWN} of its items, as they stand there:")
    for line in _awkward(text.splitlines()):
        console.print(f"  {line}", markup=False, soft_wrap=True)
    return _same_numbers(estate, text) and _same_items(estate, text)


def _awkward(lines: list[str]) -> Iterator[str]:
    """Lines with the longest number, binary, and nested lists; others where there are none."""
    for wanted in (app_tables.DIGITS, "AAECAwQF", "深い"):
        yield next((line for line in lines if wanted in line), lines[1])


def _same_numbers(estate: Estate, text: str) -> bool:
    id_ = f"{app_tables.MAIN}#000000"
    item = estate.aws.client("dynamodb").get_item(
        TableName=app_tables.MAIN, Key={"id": {"S": id_}}
    )["Item"]
    kept = item["わけあり"]["N"]
    same = f'"わけあり":{kept},' in next(line for line in text.splitlines() if id_ in line)
    facts = {
        "in DynamoDB": kept,
        "in the object": f"{kept if same else 'another one'}",
        "as a float": f"{float(kept):.0f}",
    }
    _show_facts("A number of 38 digits", facts)
    return same


def _same_items(estate: Estate, text: str) -> bool:
    with step("compare every item of the object with the table"):
        exported = json.loads(text, parse_int=Decimal, parse_float=Decimal)
        for item in exported:
            del item["exported_at"], item["export_version"]
        there = app_tables.all_of(estate.aws.client("dynamodb"), app_tables.MAIN)
        same = _by_id(exported) == _by_id(map(app_tables.plain, there))
    console.print(f"{len(exported):,} items, {'all the same' if same else 'DIFFERENT'}")
    return same


def _by_id(items: Any) -> dict[str, Any]:
    return {item["id"]: item for item in items}


def _export(estate: Estate) -> bool:
    console.rule("batch-export lets DynamoDB export the other tables")
    rows = _run(estate, "batch-export").get("results", [])
    table = Table(title="Batch export initiated", title_justify="left")
    for name in ("tableName", "exportType", "status", "exportArn"):
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(
            row["tableName"],
            row["exportType"],
            row["status"],
            row.get("exportArn", row.get("error")),
        )
    console.print(table)
    with step("DynamoDB completes them; in AWS that takes minutes to hours"):
        estate.aws.complete_exports()
    told = _run(estate, "export-follow-up")
    ledgers = {name: _ledger(estate, name) for name in app_tables.ITEMS if name != app_tables.MAIN}
    facts = {
        name: f"{ledger['items']} items verified, {_count(estate, name)} in DynamoDB, "
        f"{ledger['status']}"
        for name, ledger in ledgers.items()
    }
    _show_facts("What the ledgers say", facts)
    agree = all(ledger["items"] == _count(estate, name) for name, ledger in ledgers.items())
    return told["outcome"] == "complete" and agree


def _ledger(estate: Estate, table: str) -> Mapping[str, Any]:
    """The newest export of a table."""
    kept = estate.aws.client("s3").get_object(
        Bucket="moderation-craft-data", Key=f"state/dynamodb-export/native/{table}.json"
    )
    newest: Mapping[str, Any] = json.loads(kept["Body"].read())["exports"][-1]
    return newest


def _partition(estate: Estate, bucket: str) -> bool:
    console.rule("partition-manager moves all of it to the partition of its day")
    before = _objects(estate, bucket)
    _show_tree("Before", before)
    told = _run(estate, "partition-manager")
    after = _objects(estate, bucket)
    _show_tree("After", after)
    moved = sorted(before.values()) == sorted(after.values())
    console.print(
        f"{told.get('processedCount')} objects moved, {len(before)} expected, "
        f"{'nothing lost or doubled' if moved else 'NOT THE SAME'}"
    )
    return moved and not any("/dt=" in key for key in after)


def _again(estate: Estate, bucket: str) -> bool:
    console.rule("the same again: nothing is left to do")
    with step("let the partition manager hear of exports again"):
        estate.aws.client("events").enable_rule(Name=COMPLETED)
    before = _objects(estate, bucket)
    told = _run(estate, "partition-manager")
    _run(estate, "batch-export")
    followed = _run(estate, "export-follow-up")
    console.print(
        f"moved {told.get('processedCount')}, completed {followed.get('completed', 0)}, "
        f"{len(_objects(estate, bucket)) - len(before)} objects more than before"
    )
    return told.get("processedCount") == 0 and _objects(estate, bucket) == before


def _run(estate: Estate, job: str) -> Mapping[str, Any]:
    """Start a job by its manual event and follow it; what its last line tells."""
    with step(f"send the manual event of {job}"):
        event_id = runs.send_manual_event(estate.aws.client("events"), job, Environment.LOCAL)
    group = runs.log_group(job, Environment.LOCAL)
    for line in runs.follow(estate.aws.client("logs"), group, event_id):
        console.print(f"    {line.readable()}", markup=False, soft_wrap=True)
    return line.fields


def _count(estate: Estate, table: str) -> int:
    pages = estate.aws.client("dynamodb").get_paginator("scan")
    return sum(page["Count"] for page in pages.paginate(TableName=table, Select="COUNT"))


def _objects(estate: Estate, bucket: str) -> dict[str, tuple[str, int]]:
    """Entity tag and size of every exported object, by key."""
    pages = estate.aws.client("s3").get_paginator("list_objects_v2")
    return {
        each["Key"]: (each["ETag"], each["Size"])
        for page in pages.paginate(Bucket=bucket, Prefix=EXPORTS)
        for each in page.get("Contents", [])
    }


def _show_facts(title: str, facts: Mapping[str, str]) -> None:
    table = Table(title=title, title_justify="left", show_header=False)
    for name, value in facts.items():
        table.add_row(name, value)
    console.print(table)


def _show_tree(title: str, objects: Mapping[str, tuple[str, int]]) -> None:
    """Folders with their objects; the data files of an export in one line."""
    root = Tree(f"{title}: {EXPORTS}")
    folders: dict[str, Tree] = {"": root}
    data: dict[str, list[int]] = {}
    for key, (_, size) in sorted(objects.items()):
        folder, _, name = key.removeprefix(EXPORTS).rpartition("/")
        if folder.endswith("/data"):
            data.setdefault(folder, []).append(size)
        else:
            _branch(folders, folder).add(f"{name}  {size:,} bytes")
    for folder, sizes in data.items():
        _branch(folders, folder).add(f"{len(sizes)} files  {sum(sizes):,} bytes")
    console.print(root)


def _branch(folders: dict[str, Tree], folder: str) -> Tree:
    if folder not in folders:
        above, _, name = folder.rpartition("/")
        folders[folder] = _branch(folders, above).add(f"{name}/")
    return folders[folder]

"""`kill -9` between any two side effects: the batch goes on, and nothing is lost or done twice."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from tests.system.nas_sync.agreement import assert_failed, assert_reconciled
from tests.system.nas_sync.share import Share
from tests.system.nas_sync.system import NasSync, Run

# In the order of a run: the function, its call, and when it is killed.
CALLS = [
    ("VPNManager", "ec2.CreateVpnConnection", 1, "after"),  # it is there, and billed
    ("FileScanner", "s3.PutObject", 1, "after"),  # the listing
    ("FileScanner", "s3.PutObject", 4, "before"),  # among work files and lists
    ("TextExtractor", "s3.PutObject", 1, "before"),
    ("TextExtractor", "s3.PutObject", 1, "after"),  # what was read is there
    ("BulkIndexer", "dynamodb.BatchWriteItem", 1, "before"),  # the index has it
    ("BulkIndexer", "dynamodb.BatchWriteItem", 1, "after"),  # the catalogue, too
    ("BulkIndexer", "s3.PutObject", 1, "after"),  # and that is written down
    ("DeletedFileArchiver", "s3.CopyObject", 1, "after"),
    ("DeletedFileArchiver", "dynamodb.UpdateItem", 1, "after"),
    ("DeletedFileArchiver", "s3.PutObject", 1, "before"),
    ("BatchReconciler", "s3.PutObject", 1, "after"),
    ("BatchReconciler", "dynamodb.BatchGetItem", 1, "before"),
    ("BatchReconciler", "s3.PutObject", 4, "before"),
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: "-".join(map(str, call)))
def test_a_killed_batch_is_continued(
    system: NasSync, share: Share, call: tuple[str, str, int, str]
) -> None:
    gone = share.some("indexed", ".txt")
    share.delete(gone)
    added = share.add()
    before, archived = system.previous(), set(system.objects("deleted/", system.archive))
    system.forget_messages()
    with system.killed_at(*call):
        arn = system.start()
    run = system.wait(arn)
    if (
        run.status == "FAILED"
    ):  # not where the call that was on its way had done all there was to do
        assert_failed(system, run, run.error, before)
        run = system.run(**continuation(run))
    assert_reconciled(system, share, run)
    assert added in system.documents("files")
    assert_archived_once(system, gone, archived)
    assert_extracted_once(system, run.batch)


def continuation(run: Run) -> dict[str, Any]:
    """What an operator asks for: the same batch where it was scanned, or else a new one."""
    scanned = "IsAnythingChanged" in run.states
    return {"resume": run.batch} if scanned else {}


def assert_archived_once(system: NasSync, path: str, before: set[str]) -> None:
    """Where its item says; a lent estate may have that very content there from another session."""
    archived_to = system.items()[path]["archived_to"]
    key = archived_to.removeprefix(f"s3://{system.archive}/")
    kept = set(system.objects("deleted/", system.archive))
    assert key in kept
    assert kept - before <= {key}


def assert_extracted_once(system: NasSync, batch: str) -> None:
    """No line of a work file has two results."""
    parts = sorted(key.split("/")[2:] for key in system.versions(f"results/{batch}/"))
    for (name, part), (other, following) in pairwise(parts):
        end, begin = int(part[6:11]), int(following[:5])  # 00000-00100.jsonl.gz
        assert name != other or begin >= end, parts

"""Source, S3, index and catalogue: the same files, each with the same fate."""

from __future__ import annotations

from typing import Any

from tests.system.nas_sync.share import Fate, Share
from tests.system.nas_sync.system import DATA, FAILED, SUCCEEDED, NasSync, Run

LARGEST_PAYLOAD = 10 * 1024


def fate(found: dict[str, Any]) -> Fate:
    """What became of a file, as a document or an item tells."""
    return found["content_status"], found.get("reason") or None


def assert_agree(system: NasSync, share: Share) -> None:
    """What is on the NAS is in S3, in the index and in the catalogue; nothing else is."""
    on_nas = {path: (share.folder / path).stat().st_size for path in share.fates}
    in_s3 = {
        key.removeprefix(DATA): each["Size"]
        for key, each in system.objects(DATA).items()
        if not key.endswith("/")  # a folder
    }
    assert in_s3 == on_nas
    items = {path: item for path, item in system.items().items() if "deleted_at" not in item}
    assert {path: fate(item) for path, item in items.items()} == share.fates
    documents = system.documents("files") | system.documents("images")
    assert {path: fate(each) for path, each in documents.items()} == share.fates


def reconciled(system: NasSync, batch: str) -> dict[str, Fate]:
    """What a reconciled batch says of each file."""
    rows = system.lines(f"manifests/{batch}/reconciled.jsonl.gz")
    return {row["key"].removeprefix(DATA): (row["status"], row.get("reason")) for row in rows}


def is_settled(system: NasSync, share: Share) -> bool:
    """Whether the last batch that was reconciled knows every file on the NAS, and no other."""
    previous = system.previous()
    return previous is not None and reconciled(system, previous["batch"]) == share.fates


def assert_reconciled(system: NasSync, share: Share, run: Run) -> None:
    """The run succeeded and is what the next one is compared with; everything agrees."""
    assert run.status == "SUCCEEDED", (run.error, run.cause)
    assert_told_once(system, run, SUCCEEDED)
    previous = system.previous()
    assert previous is not None
    assert previous["batch"] == run.batch
    assert reconciled(system, run.batch) == share.fates
    assert system.largest_call(run.batch) < LARGEST_PAYLOAD
    assert_agree(system, share)


def assert_failed(system: NasSync, run: Run, error: str, before: object) -> None:
    """The run failed as it should: told once, nothing left open, nothing taken for done.

    Args:
        system: the deployed stack.
        run: that failed.
        error: its name.
        before: what `system.previous()` was before it.
    """
    assert (run.status, run.error) == ("FAILED", error), run.cause
    assert_told_once(system, run, FAILED)
    assert error.removeprefix("Step.") in run.message
    assert system.previous() == before


def assert_told_once(system: NasSync, run: Run, outcome: str) -> None:
    """However it ended: people heard it, once; the VPN is down; no state carried much."""
    assert run.outcomes == [outcome]
    assert run.arn in run.message
    assert run.largest_payload < LARGEST_PAYLOAD
    system.assert_vpn_is_down()

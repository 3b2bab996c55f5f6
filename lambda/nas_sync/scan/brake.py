"""The brake: a NAS that isn't there looks like one whose files were all deleted."""

from __future__ import annotations

from nas_sync.errors import BrakeEngaged
from nas_sync.scan.batches import Scan
from nas_sync.store import Store


def judge(store: Store, scan: Scan, percent: int) -> None:
    """Stop a batch that would archive more files than a month explains.

    Args:
        store: the raw bucket.
        scan: what the scan found; files that moved are not among its deleted ones.
        percent: of the known files.

    Raises:
        BrakeEngaged: more are gone, or all; the message says how to go on.
    """
    known, deleted = scan["known"], scan["deleted"]
    if known and not scan["total_files"]:
        what = f"the listing is empty, and {known} files were known"
    elif deleted * 100 > known * percent:
        what = (
            f"{deleted} of {known} known files ({deleted / known:.1%}) are gone, "
            f"more than {percent} %"
        )
    else:
        return
    raise BrakeEngaged(
        f"{what}: nothing was archived. Look at {store.address(scan['deleted_key'])}. If they are "
        f'meant to be gone, start an execution with {{"batch_type": "manual", "resume": '
        f'"{scan["batch"]}", "release_brake": true}}; if not, repair the share and start a new run'
    )

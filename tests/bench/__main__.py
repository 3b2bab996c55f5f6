"""`python -m tests.bench`: every benchmark, one table, exit code 1 when a target is missed.

`python -m tests.bench nas_sync efs` runs those whose names begin so.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from tests.bench import (
    archive,
    archive_list,
    dynamodb_export,
    efs_autoscaler,
    efs_mounts,
    frame,
    nas_sync_index,
    nas_sync_manifest,
    nas_sync_month,
    nas_sync_text,
    sync_batch,
)

MODULES = (
    sync_batch,
    archive,
    archive_list,
    dynamodb_export,
    efs_autoscaler,
    efs_mounts,
    nas_sync_manifest,
    nas_sync_text,
    nas_sync_index,
    nas_sync_month,
)


if __name__ == "__main__":
    beginnings = tuple(f"{__package__}.{name}" for name in sys.argv[1:]) or ""
    chosen = [
        each
        for module in MODULES
        if module.__name__.startswith(beginnings)
        for each in module.BENCHMARKS
    ]
    with TemporaryDirectory(prefix="bench-") as home:
        sys.exit(frame.run(chosen, Path(home), Console()))

"""`python -m tests.bench`: every benchmark, one table, exit code 1 when a target is missed."""

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

BENCHMARKS = (
    *sync_batch.BENCHMARKS,
    *archive.BENCHMARKS,
    *archive_list.BENCHMARKS,
    *dynamodb_export.BENCHMARKS,
    *efs_autoscaler.BENCHMARKS,
    *efs_mounts.BENCHMARKS,
    *nas_sync_manifest.BENCHMARKS,
    *nas_sync_text.BENCHMARKS,
    *nas_sync_index.BENCHMARKS,
    *nas_sync_month.BENCHMARKS,
)


if __name__ == "__main__":
    with TemporaryDirectory(prefix="bench-") as home:
        sys.exit(frame.run(BENCHMARKS, Path(home), Console()))

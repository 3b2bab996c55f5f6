"""Where everything lies in the raw bucket.

| key                                        | holds                                              |
| ------------------------------------------ | -------------------------------------------------- |
| `monthly-sync/<path>`                      | the NAS as DataSync left it                        |
| `manifests/previous.json`                  | which batch was reconciled last                    |
| `manifests/<batch>/current.jsonl.gz`       | the sorted listing of a batch                      |
| `manifests/<batch>/reconciled.jsonl.gz`    | the same with what became of each file             |
| `manifests/<batch>/scan.json`              | what the scan found: counts and pointers           |
| `work/<batch>/<kind>-<n>.jsonl`            | files to work on, at most a hundred                |
| `work/<batch>/extract.json`, `index.json`  | the work files that a Map reads                    |
| `work/<batch>/deleted.jsonl`               | files that are no longer on the NAS                |
| `results/<batch>/<work>/<from>-<to>.jsonl.gz` | text or vectors of some lines of a work file    |
| `problems/<batch>/<work>/<from>-<to>.jsonl` | which of those lines were skipped or failed, why  |
| `problems/<batch>/<work>/00000-00000.jsonl` | why none of its lines could be read               |
| `indexed/<batch>/<work>.jsonl`             | what became of each line of a work file            |
| `archived/<batch>/<from>-<to>.jsonl`       | what became of each deleted file                   |
| `reports/<batch>/…`                        | what people read: counts, problems, differences    |
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from nas_sync.errors import BatchNotFound

DATA = "monthly-sync/"
PREVIOUS = "manifests/previous.json"

# A batch's reports.
REPORT = "report.json"  # all counts
PROBLEMS = "problems.csv"  # the files without content, for people
DIFFERENCES = "differences.jsonl"  # where S3, OpenSearch and DynamoDB disagree

# DataSync's have 17 hexadecimal digits:
# https://docs.aws.amazon.com/datasync/latest/userguide/API_DescribeTaskExecution.html
_BATCH: Final = re.compile(r"exec-[0-9a-z]{1,32}")


def batch_of(batch: str) -> str:
    """The part of a DataSync task execution's ARN that names a batch in keys: `exec-…`.

    Args:
        batch: that ARN, or its last part.

    Raises:
        BatchNotFound: it can't be one. Operators write it when they continue a batch.
    """
    name = batch.rpartition("/")[2]
    if not _BATCH.fullmatch(name):
        raise BatchNotFound(
            f"{batch[:200]!r} is the name of no batch: give exec-… as the last mail tells it, or "
            "start a new run without resume: it does whatever is left"
        )
    return name


def listing(batch: str) -> str:
    return f"manifests/{batch}/current.jsonl.gz"


def reconciled(batch: str) -> str:
    return f"manifests/{batch}/reconciled.jsonl.gz"


def scan(batch: str) -> str:
    return f"manifests/{batch}/scan.json"


def work(batch: str, kind: str, number: int) -> str:
    """One work file; kind is document, image, other or moved."""
    return f"work/{batch}/{kind}-{number:05}.jsonl"


def work_list(batch: str, step: str) -> str:
    """The work files of a step: extract or index."""
    return f"work/{batch}/{step}.json"


def deleted(batch: str) -> str:
    return f"work/{batch}/deleted.jsonl"


def name_of(work_file: str) -> str:
    """A work file's name in the keys of its results: `document-00001`."""
    return work_file.rsplit("/", 1)[-1].removesuffix(".jsonl")


def all_results(batch: str) -> str:
    """Prefix of the results of all work files."""
    return f"results/{batch}/"


def results(batch: str, name: str) -> str:
    """Prefix of the results of a work file."""
    return f"{all_results(batch)}{name}/"


def result(batch: str, name: str, begin: int, end: int) -> str:
    """Results of the lines begin to end (exclusive) of a work file."""
    return f"{results(batch, name)}{begin:05}-{end:05}.jsonl.gz"


def all_problems(batch: str) -> str:
    """Prefix of the problems of all work files."""
    return f"problems/{batch}/"


def problems(batch: str, name: str, begin: int, end: int) -> str:
    return f"{all_problems(batch)}{name}/{begin:05}-{end:05}.jsonl"


def hindrance(batch: str, name: str) -> str:
    """Why no line of a work file can be read: problems of no line in particular."""
    return problems(batch, name, 0, 0)


def indexed(batch: str, name: str) -> str:
    return f"indexed/{batch}/{name}.jsonl"


def all_archived(batch: str) -> str:
    """Prefix of what became of all deleted files."""
    return f"archived/{batch}/"


def archived(batch: str, begin: int, end: int) -> str:
    return f"{all_archived(batch)}{begin:07}-{end:07}.jsonl"


def lines_of(part: str) -> tuple[int, int]:
    """Which lines a key's object is about, begin to end (exclusive): the last part of its name."""
    begin, _, end = part.rpartition("/")[2].partition(".")[0].partition("-")
    return int(begin), int(end)


def reach(parts: Iterable[str]) -> int:
    """How many lines the parts are about, from the first line on without a gap.

    Args:
        parts: keys of one work file's results or of archived files, sorted; two calls may have
            worked on the same lines.
    """
    reached = 0
    for begin, end in map(lines_of, parts):
        if begin <= reached:
            reached = max(reached, end)
    return reached


def report(batch: str, name: str) -> str:
    """One of a batch's reports: REPORT, PROBLEMS or DIFFERENCES."""
    return f"reports/{batch}/{name}"

"""Archives what the check found, and keeps account of it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, takewhile
from typing import cast

from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class

from scripts.archive import archive_list, object_metadata, shares
from scripts.archive.archive_list import Entry
from scripts.archive.batches import batched
from scripts.archive.put import delete_originals
from scripts.archive.put.checking.check import Findings
from scripts.archive.put.delete_originals import Kept
from scripts.archive.put.originals import Original, Request
from scripts.archive.put.outcomes import Archived, Failed
from scripts.archive.put.sending import failures, mark
from scripts.archive.put.sending.transfer import archive
from scripts.archive.put.tools import Tools
from scripts.archive.put.watch import Watch
from scripts.archive.run_files import RunFiles

FAILED = "failed_uploads"
DELETED = "deleted_originals"
_ENTRIES = 1000  # asked for at once


@dataclass
class Account:
    """How many files became what.

    Args:
        requested: that the list names.
        archived: in S3 and in the archive list.
        adopted: those of them that an earlier run had sent already.
        skipped: that the check left out.
        failed: that stand in the list of failed files.
        unmarked: archived, but their marker could not be written.
        deleted: originals that were deleted after verification.
        kept: originals that should have been deleted, and could not be.
    """

    requested: int
    skipped: int
    archived: int = 0
    adopted: int = 0
    failed: int = 0
    unmarked: int = 0
    deleted: int = 0
    kept: int = 0

    def close(self) -> None:
        """Make sure that no file is lost or counted twice.

        Raises:
            RuntimeError: one is.
        """
        if self.requested != self.archived + self.skipped + self.failed:
            raise RuntimeError(f"件数が合いません: {self}")


def transfer(
    findings: Findings,
    request: Request,
    tools: Tools,
    files: RunFiles,
    *,
    watch: Watch,
    stopped: Callable[[], bool],
) -> Account:
    """Archive the originals, and write down which failed and why.

    Args:
        findings: of the check.
        request: what is recorded with each file.
        tools: what archiving works with.
        files: take the list of failed files and the error log.
        watch: shows how far it is.
        stopped: whether no further file is to be begun.
    """
    account = Account(findings.requested, findings.skipped.total())
    done: set[str] = set()
    try:
        outcomes = archive(findings.originals, request, tools, watch.sent, stopped)
        with closing(cast("Generator[Archived | Failed]", outcomes)):
            for outcome in outcomes:
                _note(outcome, account, files)
                done.add(outcome.original.key)
                watch.done(outcome.original.size, sent=not _was_adopted(outcome))
    except KeyboardInterrupt:
        pass  # what was on its way is neither done nor lost: the next run adopts it
    for original in findings.originals:
        if original.key not in done:
            _note(failures.interrupted(original), account, files)
    account.close()
    return account


def write_missing_markers(
    originals: Iterable[Original], tools: Tools, files: RunFiles, account: Account
) -> None:
    """Write the markers that an earlier run could not write."""
    with closing(tools.connect()) as connection:
        for batch in batched(_recorded(originals, tools.bucket, connection), _ENTRIES):
            problems = mark.write_all([entry for _, entry in batch], tools.shares)
            for (_, entry), problem in zip(batch, problems, strict=True):
                if problem:
                    _warn(entry, problem, account, files)


def delete(
    findings: Findings,
    tools: Tools,
    files: RunFiles,
    account: Account,
    *,
    stopped: Callable[[], bool],
) -> None:
    """Delete those originals whose archived version is recorded and verified."""
    log = files.create(DELETED, "csv")
    originals = chain(findings.unchanged, findings.originals)
    with closing(tools.connect()) as connection:
        found = _recorded(originals, tools.bucket, connection)
        recorded = takewhile(lambda _: not stopped(), found)
        for outcome in delete_originals.delete(recorded, tools.s3, tools.shares, log):
            if isinstance(outcome, Kept):
                account.kept += 1
                path = shares.unc(outcome.original.key)
                files.error(path, "delete", outcome.code, outcome.message)
            else:
                account.deleted += 1


def _recorded(
    originals: Iterable[Original], bucket: str, connection: Connection
) -> Iterator[tuple[Original, Entry]]:
    """Those originals that the archive list has as they are, each with its row."""
    for batch in batched(originals, _ENTRIES):
        entries = archive_list.newest(connection, bucket, [original.key for original in batch])
        for original in batch:
            entry = entries.get(original.key)
            if entry and (entry.size, entry.modified) == (
                original.size,
                object_metadata.moment(original.modified),
            ):
                yield original, entry


def _was_adopted(outcome: Archived | Failed) -> bool:
    return isinstance(outcome, Archived) and outcome.adopted


def _note(outcome: Archived | Failed, account: Account, files: RunFiles) -> None:
    path = shares.unc(outcome.original.key)
    if isinstance(outcome, Failed):
        account.failed += 1
        files.path(FAILED, path)
        files.error(path, outcome.stage, outcome.code, outcome.message)
        return
    account.archived += 1
    account.adopted += outcome.adopted
    if outcome.marker_problem:
        _warn(outcome.entry, outcome.marker_problem, account, files)


def _warn(entry: Entry, problem: str, account: Account, files: RunFiles) -> None:
    account.unmarked += 1
    files.error(shares.unc(entry.key), "marker", "MarkerNotWritten", problem)

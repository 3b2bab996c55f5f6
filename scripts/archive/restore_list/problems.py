"""Writes down the rows of a list that select nothing."""

from __future__ import annotations

from contextlib import suppress

from scripts.archive import lists, shares
from scripts.archive.lists import Row
from scripts.archive.restore_list.selection import Selection
from scripts.archive.run_files import RunFiles
from scripts.archive.shares import PathError, Shares


def write(selection: Selection, known: Shares, files: RunFiles, *, stage: str, paths: str) -> None:
    """List their paths for the next run, and why they select nothing in the error log.

    Args:
        known: the shares that paths are spelled by.
        stage: what the error log calls the command.
        paths: which list of this run takes the paths.
    """
    for problem in selection.problems():
        files.error(problem.written, stage, problem.code, problem.message)
        if path := _canonical(problem.written, known):
            files.path(paths, path)


def _canonical(written: str, known: Shares) -> str | None:
    """The path in the form in which it is valid input again; None where it is no full path."""
    path = written if written.startswith(("\\\\", "//")) else ""
    for each in reversed(lists.written(Row(0, written))):
        with suppress(PathError):
            path = shares.unc(known.key(each))
    return path if path and not any(end in path for end in "\r\n") else None

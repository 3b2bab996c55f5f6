"""Originals are deleted only when the archive has them, and every deletion can be traced."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from batchworks.errors import JobError
from scripts.archive import shares
from scripts.archive.archive_list import Entry
from scripts.archive.put import delete_originals
from scripts.archive.put.delete_originals import AFTER, BEFORE, HEADER, KEPT, Kept
from scripts.archive.put.originals import Original, Request
from tests.unit.archive.put.back import REGION, Back, archived


def deleted(
    back: Back, tmp_path: Path, *pairs: tuple[Original, Entry]
) -> tuple[list[Original | Kept], list[list[str]]]:
    """What became of each, and the log."""
    log = tmp_path / "log.csv"
    log.touch()
    told = list(delete_originals.delete(pairs, back.tools.s3, back.tools.shares, log))
    with log.open(encoding="utf-8-sig", newline="") as stream:
        return told, list(csv.reader(stream))


def test_an_archived_original_is_deleted_and_the_log_says_what_and_where(
    back: Back, tmp_path: Path
) -> None:
    original = back.write("部署/a.txt")
    [outcome] = archived(back.archive(original, request=Request("=1+1")))

    told, log = deleted(back, tmp_path, (original, outcome.entry))

    assert told == [original]
    assert not (back.mount / "部署/a.txt").exists()
    assert (back.mount / "部署/a.txt_archived.txt").exists()
    entry = outcome.entry
    assert log[0] == list(HEADER)
    traced = [shares.unc(entry.key), str(entry.size), entry.sha256, entry.key, entry.version_id]
    assert [line[1:] for line in log[1:]] == [
        [*traced, "'=1+1", BEFORE],
        [*traced, "'=1+1", AFTER],
    ]


def test_an_original_that_changed_after_archiving_stays(back: Back, tmp_path: Path) -> None:
    original = back.write("a.txt", b"before")
    [outcome] = archived(back.archive(original))
    back.write("a.txt", b"after that")

    [told], log = deleted(back, tmp_path, (original, outcome.entry))

    assert isinstance(told, Kept)
    assert told.code == "FileChanged"
    assert (back.mount / "a.txt").read_bytes() == b"after that"
    assert log[-1][-1].startswith(KEPT)


def test_an_original_whose_object_is_gone_or_another_stays(back: Back, tmp_path: Path) -> None:
    original, other = back.write("a.txt"), back.write("b.txt", b"other")
    first, second = (outcome.entry for outcome in archived(back.archive(original, other)))
    back.s3.delete_object(Bucket=first.bucket, Key=first.key, VersionId=first.version_id)

    told, log = deleted(
        back, tmp_path, (original, first), (other, replace(second, sha256=first.sha256))
    )

    assert [kept.code for kept in told if isinstance(kept, Kept)] == ["404", "ObjectDiffers"]
    assert (back.mount / "a.txt").exists()
    assert (back.mount / "b.txt").exists()
    assert not [line for line in log if line[-1] == BEFORE]


def test_an_original_that_cannot_be_deleted_is_told_and_the_rest_goes_on(
    back: Back, tmp_path: Path
) -> None:
    original, other = back.write("a.txt"), back.write("b.txt")
    first, second = (outcome.entry for outcome in archived(back.archive(original, other)))
    (back.mount / "a.txt").unlink()

    told, _ = deleted(back, tmp_path, (original, first), (other, second))

    assert isinstance(told[0], Kept)
    assert told[0].code == "ENOENT"
    assert told[1] == other


def test_nothing_is_deleted_where_the_bucket_keeps_no_versions(back: Back) -> None:
    delete_originals.require_versions(back.s3, back.tools.bucket)
    bucket = f"{back.tools.bucket}-plain"
    where = {"LocationConstraint": REGION}
    back.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=where)

    with pytest.raises(JobError, match=bucket):
        delete_originals.require_versions(back.s3, bucket)

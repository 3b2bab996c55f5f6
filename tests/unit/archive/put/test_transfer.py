"""Archiving: object, row and marker of every file, once, whatever happens in between."""

from __future__ import annotations

import os
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from threading import Thread

import psycopg2
import pytest
from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class

from scripts.archive import archive_list, clients, object_metadata
from scripts.archive.object_metadata import Carried
from scripts.archive.put.originals import Original, Request
from scripts.archive.put.sending import parts, reading, record
from scripts.archive.put.sending.transfer import archive
from scripts.archive.shares import Shares
from tests.unit.archive.put.back import REGION, REQUEST, SHARE, SUFFIX, Back, archived, failed
from tests.unit.archive.put.front import ordinary_user

NAMES = [
    "a%20b.txt", "100%.txt", "~$下書き.docx", "～.txt", "a#b?c.txt", "a+b &=;,@!'()[].txt",
    " 先頭.txt", "末尾 ", "末尾.", "..隠し", "①㈱髙﨑.txt", "ﾊﾝｶｸ.txt",
    "引用\"符:*|<>.txt", "逆斜線\\.txt",
    unicodedata.normalize("NFD", "ガイド.txt"), unicodedata.normalize("NFC", "ガイド.txt"),
    "𠮷野家😀.txt", "あ" * 79 + ".txt",
]  # fmt: skip


def test_every_file_has_its_object_its_row_and_its_marker(back: Back) -> None:
    small, empty = back.write("部署/a.txt", b"abc"), back.write("部署/空.txt", b"")

    for outcome in archived(back.archive(small, empty)):
        entry = outcome.entry
        head = back.s3.head_object(Bucket=entry.bucket, Key=entry.key, ChecksumMode="ENABLED")
        assert head["StorageClass"] == "DEEP_ARCHIVE"
        assert head["ChecksumSHA256"] == entry.sha256
        assert head["ContentLength"] == entry.size == outcome.original.size
        assert head["VersionId"] == entry.version_id
        assert head["ETag"] == f'"{entry.etag}"'
        assert object_metadata.read(head["Metadata"]) == Carried(
            entry.archived_at,
            REQUEST.request_id,
            REQUEST.requester,
            REQUEST.comment,
            object_metadata.moment(outcome.original.modified),
        )
        assert not outcome.adopted
        assert not outcome.marker_problem
        with closing(back.database.server.connect(back.database.name)) as connection:
            recorded = archive_list.newest(connection, entry.bucket, [entry.key])[entry.key]
        assert replace(recorded, modified=recorded.modified.astimezone(UTC)) == entry
    assert back.markers() == ["部署/a.txt_archived.txt", "部署/空.txt_archived.txt"]


def test_names_arrive_byte_for_byte(back: Back) -> None:
    deep = "/".join(["d" * 200] * 4)
    deep += "/" + "e" * (parts_left(deep) - 4) + ".txt"
    originals = [back.write(name) for name in [*NAMES, deep]]
    assert len(originals[-1].key.encode()) == 1024

    archived(back.archive(*originals))

    assert [key for key, _ in back.versions()] == sorted(original.key for original in originals)
    assert [row[0] for row in back.rows()] == [key for key, _ in back.versions()]


def parts_left(directory: str) -> int:
    """Bytes that a name below a directory of the share may have."""
    return 1024 - len(f"{SHARE}/{directory}/".encode())


def test_a_large_file_goes_in_parts_that_s3_verifies(back: Back) -> None:
    content = os.urandom(parts.WHOLE_LIMIT) * 2 + b"rest"
    large = back.write("large.bin", content)
    seen: list[int] = []

    outcomes = archived(archive([large], REQUEST, back.tools, seen.append))

    entry = outcomes[0].entry
    head = back.s3.head_object(Bucket=entry.bucket, Key=entry.key, ChecksumMode="ENABLED")
    assert head["ChecksumSHA256"] == entry.sha256
    assert entry.sha256.endswith("-3")
    assert entry.part_size == parts.WHOLE_LIMIT
    assert object_metadata.read(head["Metadata"]).part_size == parts.WHOLE_LIMIT  # type: ignore[union-attr]
    assert head["StorageClass"] == "DEEP_ARCHIVE"
    assert sum(seen) == len(content)


@pytest.mark.parametrize("size", [3, parts.WHOLE_LIMIT + 3])
def test_what_is_in_the_bucket_already_is_adopted_as_it_was_archived(back: Back, size: int) -> None:
    original = back.write("a.txt", os.urandom(size))
    [first] = archived(back.archive(original))
    back.database.query("DELETE FROM archive_list")
    (back.mount / f"a.txt{SUFFIX}").unlink()

    [second] = archived(back.archive(original, request=Request("REQ-2")))

    assert second.adopted
    assert second.entry == first.entry
    assert len(back.versions()) == 1
    assert back.rows() == [(original.key, first.entry.version_id, f"a.txt{SUFFIX}")]
    assert back.markers() == [f"a.txt{SUFFIX}"]


def test_an_object_of_somebody_else_with_the_same_content_is_adopted(back: Back) -> None:
    original = back.write("a.txt", b"abc")
    back.s3.put_object(
        Bucket=back.tools.bucket, Key=original.key, Body=b"abc", ChecksumAlgorithm="SHA256"
    )

    [outcome] = archived(back.archive(original))

    assert outcome.adopted
    assert outcome.entry.request_id == REQUEST.request_id
    assert len(back.versions()) == 1


@pytest.mark.parametrize("size", [3, parts.WHOLE_LIMIT + 3])
def test_a_changed_file_becomes_a_new_version_and_a_row_of_its_own(back: Back, size: int) -> None:
    [first] = archived(back.archive(back.write("a.txt", os.urandom(size))))

    [second] = archived(back.archive(back.write("a.txt", os.urandom(size))))

    assert not second.adopted
    assert [row[1] for row in back.rows()] == [first.entry.version_id, second.entry.version_id]
    assert len(back.versions()) == 2
    assert second.entry.marker == f"a.txt{SUFFIX}"  # ours, from before


@pytest.mark.parametrize("size", [3, parts.WHOLE_LIMIT + 3])
def test_a_file_that_changed_since_the_check_fails_and_leaves_nothing(
    back: Back, size: int
) -> None:
    was = back.write("a.txt", os.urandom(size))
    os.utime(back.mount / "a.txt", ns=(0, was.modified + 1))

    [outcome] = failed(back.archive(was))

    assert (outcome.stage, outcome.code) == ("upload", "FileChanged")
    assert "もう一度" in outcome.message
    assert (back.versions(), back.rows(), back.markers(), back.uploads()) == ([], [], [], 0)


@pytest.mark.parametrize("size", [3, parts.WHOLE_LIMIT + 3])
def test_a_file_that_changes_while_it_is_read_fails_and_leaves_nothing(
    back: Back, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = back.write("a.txt", os.urandom(size))
    compared = reading._compare

    def compare_then_change(found: os.stat_result, original: Original) -> None:
        compared(found, original)
        with (back.mount / "a.txt").open("ab") as file:
            file.write(b"more")

    monkeypatch.setattr(reading, "_compare", compare_then_change)
    [outcome] = failed(back.archive(original))

    assert outcome.code == "FileChanged"
    assert (back.versions(), back.rows(), back.markers(), back.uploads()) == ([], [], [], 0)


def test_what_cannot_be_read_fails_alone(back: Back) -> None:
    fine, gone, closed = (back.write(name) for name in ("fine", "gone", "closed"))
    (back.mount / "gone").unlink()
    (back.mount / "closed").chmod(0)
    back.mount.chmod(0o777)
    for folder in back.mount.parents[:3]:
        folder.chmod(0o755)

    with ordinary_user():
        first, second, third = back.archive(fine, gone, closed)

    assert [outcome.code for outcome in failed([first, second, third])] == ["ENOENT", "EACCES"]
    assert [row[0] for row in back.rows()] == [fine.key]


def test_a_name_that_cannot_be_a_key_fails_alone(back: Back) -> None:
    fine, odd = back.write("fine"), back.write("line\nbreak")
    raw = Path(os.fsdecode(os.fsencode(back.mount) + b"/\x82\xa0"))
    raw.write_bytes(b"content")

    outcomes = back.archive(fine, odd, back.original(raw.name))

    assert [outcome.code for outcome in failed(outcomes)] == ["InvalidName", "InvalidName"]
    assert [row[0] for row in back.rows()] == [fine.key]


def test_a_requesters_own_file_with_a_markers_name_stays_and_is_archived(back: Back) -> None:
    original = back.write("a.txt")
    own = back.write(f"a.txt{SUFFIX}", b"mine")

    first, second = archived(back.archive(original, own))

    assert first.entry.marker is None
    assert not first.marker_problem
    assert second.entry.marker == f"a.txt{SUFFIX}{SUFFIX}"
    assert (back.mount / f"a.txt{SUFFIX}").read_bytes() == b"mine"


def test_an_empty_file_of_a_markers_name_is_the_requesters_unless_the_list_knows_it(
    back: Back,
) -> None:
    original = back.write("a.txt")
    back.write(f"a.txt{SUFFIX}", b"")

    [outcome] = archived(back.archive(original))

    assert outcome.entry.marker is None


def test_a_marker_that_cannot_be_written_is_told_and_written_by_the_next_run(back: Back) -> None:
    original = back.write("d/a.txt")
    for folder in [back.mount, *back.mount.parents[:3]]:
        folder.chmod(0o755)
    (back.mount / "d").chmod(0o555)

    with ordinary_user():
        [outcome] = archived(back.archive(original))
    assert outcome.marker_problem
    assert f"a.txt{SUFFIX}" in outcome.marker_problem
    assert [row[2] for row in back.rows()] == [f"a.txt{SUFFIX}"]

    (back.mount / "d").chmod(0o755)
    [again] = archived(back.archive(original))
    assert again.adopted
    assert back.markers() == [f"d/a.txt{SUFFIX}"]


def test_two_operators_with_one_list_archive_every_file_once(back: Back) -> None:
    originals = [back.write(f"{number:02}.txt", os.urandom(200)) for number in range(60)]
    originals.append(back.write("large", os.urandom(parts.WHOLE_LIMIT + 1)))

    with ThreadPoolExecutor(2) as pool:
        runs = list(
            pool.map(
                lambda request: archived(back.archive(*originals, request=Request(request))),
                ["REQ-1", "REQ-2"],
            )
        )

    assert len(back.versions()) == len(originals)
    assert [row[:2] for row in back.rows()] == back.versions()
    assert len(back.markers()) == len(originals)
    assert all(row[2] for row in back.rows())
    for mine, other in zip(*runs, strict=True):
        assert mine.entry == other.entry
        assert mine.adopted != other.adopted


@pytest.mark.parametrize("size", [30, parts.WHOLE_LIMIT + 1])
def test_two_operators_with_a_changed_file_make_one_new_version(back: Back, size: int) -> None:
    archived(back.archive(back.write("a.txt", b"before")))
    original = back.write("a.txt", os.urandom(size))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: archived(back.archive(original)), range(2)))

    assert len(back.versions()) == 2
    assert sorted(row[:2] for row in back.rows()) == back.versions()


def test_when_everything_fails_for_one_cause_the_rest_is_not_tried(back: Back) -> None:
    originals = [back.write(f"{number:03}.txt") for number in range(300)]
    nowhere = replace(
        back.tools, bucket="nowhere-at-all", store=clients.store("nowhere-at-all", REGION)
    )

    outcomes = failed(back.archive(*originals, tools=nowhere))

    assert {outcome.code for outcome in outcomes} == {"NoSuchBucket"}
    assert sum("中止" in outcome.message for outcome in outcomes) >= 200
    assert len(outcomes) == 300


def test_a_bucket_without_versions_is_no_archive(back: Back) -> None:
    bucket = f"{back.tools.bucket}-unversioned"
    where = {"LocationConstraint": REGION}
    back.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=where)
    tools = replace(back.tools, bucket=bucket, store=clients.store(bucket, REGION))

    [outcome] = failed(back.archive(back.write("a.txt"), tools=tools))

    assert outcome.code == "NotVersioned"
    assert back.rows() == []


def test_without_a_database_nothing_is_sent(back: Back, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "PATIENCE", 0.5)

    def connect() -> Connection:
        raise psycopg2.OperationalError("connection refused")

    outcomes = failed(
        back.archive(back.write("a"), back.write("b"), tools=back.with_connect(connect))
    )

    assert {(outcome.stage, outcome.code) for outcome in outcomes} == {
        ("record", "OperationalError")
    }
    assert back.versions() == []


def test_sessions_that_are_cut_again_and_again_lose_no_row(back: Back) -> None:
    originals = [back.write(f"{number:03}.txt", bytes([number])) for number in range(200)]
    done: list[bool] = []

    def cut() -> None:
        while not done:
            back.database.query(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    cutter = Thread(target=cut)
    cutter.start()
    try:
        outcomes = back.archive(*originals)
    finally:
        done.append(True)
        cutter.join()
    left = [outcome.original for outcome in failed(outcomes)]
    archived(back.archive(*left))

    assert [row[:2] for row in back.rows()] == back.versions()
    assert len(back.rows()) == len(back.markers()) == 200


def test_a_file_whose_row_cannot_be_written_is_adopted_later(back: Back) -> None:
    original = back.write("a.txt")
    too_long = Request("R" * 256)  # the column takes 255

    [outcome] = failed(back.archive(original, request=too_long))
    assert (outcome.stage, outcome.code) == ("record", "22001")
    assert back.markers() == []

    back.database.query('ALTER TABLE archive_list ALTER "依頼ID" TYPE TEXT')
    [again] = archived(back.archive(original))
    assert again.adopted


def test_credentials_are_never_told(back: Back, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "top-secret-key")
    monkeypatch.setattr(clients, "_RETRIES", 0)
    tools = replace(back.tools, store=clients.store(back.tools.bucket, REGION))

    [outcome] = failed(back.archive(back.write("a.txt"), tools=tools))

    assert "top-secret-key" not in outcome.message
    assert outcome.message


def test_a_run_that_is_left_gives_up_what_it_was_sending(back: Back) -> None:
    originals = [back.write(f"{number:03}.txt", bytes([number])) for number in range(250)]
    run = archive(iter(originals), REQUEST, back.tools, lambda _: None)

    next(run)
    run.close()  # type: ignore[attr-defined]  # a generator

    archived(back.archive(*originals))
    assert [row[:2] for row in back.rows()] == back.versions()
    assert len(back.versions()) == len(back.markers()) == 250


def test_a_run_that_is_left_gives_up_the_large_file_it_was_sending(back: Back) -> None:
    small = back.write("small")
    with (back.mount / "large").open("wb") as file:
        file.truncate(24 * parts.WHOLE_LIMIT)
    run = archive(
        [small, back.original("large")],
        REQUEST,
        back.tools,
        lambda size: time.sleep(1) if size == parts.WHOLE_LIMIT else None,
    )

    next(run)
    run.close()  # type: ignore[attr-defined]  # a generator

    assert [key for key, _ in back.versions()] == [small.key]
    assert back.uploads() == 0


def test_shares_are_told_apart(back: Back, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.txt").write_bytes(b"other")
    found = (other / "a.txt").stat()
    shares = Shares({SHARE: back.mount, "nas/data": other})
    elsewhere = Original("nas/data/a.txt", found.st_size, found.st_mtime_ns)

    archived(back.archive(back.write("a.txt"), elsewhere, tools=replace(back.tools, shares=shares)))

    assert [key for key, _ in back.versions()] == [f"{SHARE}/a.txt", "nas/data/a.txt"]
    assert (other / f"a.txt{SUFFIX}").exists()

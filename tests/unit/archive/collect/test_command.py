"""`archive collect`: what is placed, under which name, and what is left for the next run."""

from __future__ import annotations

import csv
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scripts.archive.exits import Exit
from tests.unit.archive.vault import MODIFIED, SHARE, Vault, unc

LATER = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture
def there(vault: Vault) -> Path:
    """The destination."""
    folder = vault.folder / "there"
    folder.mkdir()
    vault.environ["ARCHIVE_RESTORE_FOLDER"] = str(folder)
    return folder


def restored(vault: Vault, *paths: str) -> Path:
    """A list of paths below the share whose copies are there."""
    listed = vault.listed(*unc(*paths), name="restored.txt")
    result = vault.run("restore", listed, "--yes")
    assert result.exit_code == Exit.DONE, result.output
    vault.aws.complete_restores()
    vault.forget()
    return listed


def contents(folder: Path) -> dict[str, bytes]:
    """Everything in the folder, hidden files too."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_ready_files_are_placed_flat_with_their_names_and_times(vault: Vault, there: Path) -> None:
    vault.archive({"a/1.txt": b"one", "a/b/空 ~$[#].txt": b"", "2.txt": b"two"})
    listed = restored(vault, "")

    result = vault.run("collect", listed)

    assert result.exit_code == Exit.DONE, result.output
    assert contents(there) == {"1.txt": b"one", "空 ~$[#].txt": b"", "2.txt": b"two"}
    assert (there / "1.txt").stat().st_mtime == MODIFIED.timestamp()
    header, *rows = csv.reader(vault.left("collected"))
    assert header == ["ファイル名", "復元日時", "配置先ディレクトリ"]
    assert {(row[0], row[2]) for row in rows} == {
        ("1.txt", str(there)), ("空 ~$[#].txt", str(there)), ("2.txt", str(there)),
    }  # fmt: skip
    assert "対象 3 件 = 配置済み 3 件" in result.output


def test_not_ready_expired_and_failed_are_carried_over_apart_from_each_other(
    vault: Vault, there: Path
) -> None:
    vault.archive(["expired.txt"])
    restored(vault, "expired.txt")
    vault.aws.expire_restores()
    vault.archive(["ready.txt"])
    restored(vault, "ready.txt")
    vault.archive(["waiting.txt", "never.txt"])
    vault.run("restore", vault.listed(*unc("waiting.txt")), "--yes")
    vault.archive(["gone.txt"], upload=False)
    vault.forget()

    result = vault.run("collect", vault.listed(*unc("", "unknown.txt")))

    assert result.exit_code == Exit.SOME_FAILED
    assert list(contents(there)) == ["ready.txt"]
    assert vault.left("not_ready") == unc("waiting.txt")
    assert vault.left("restore_again") == unc("expired.txt", "never.txt")
    assert vault.left("failed_downloads") == unc("gone.txt", "unknown.txt")
    again = next((vault.folder / "reports").glob("restore_again_*"))
    assert f"archive restore {again}" in result.output
    assert (
        "対象 6 件 = 配置済み 1 件 + 復元処理中 1 件 + 復元コピーなし 2 件 + 失敗 2 件"
        in result.output
    )
    header, *rows = csv.reader(vault.left("not_collected"))
    assert header == ["ファイル名", "理由"]
    assert {row[0] for row in rows} == {
        "waiting.txt", "never.txt", "expired.txt", "gone.txt", "unknown.txt",
    }  # fmt: skip


def test_the_list_of_what_was_not_ready_fed_back_in_does_exactly_the_rest(
    vault: Vault, there: Path
) -> None:
    vault.archive(["ready.txt"])
    restored(vault, "ready.txt")
    vault.archive(["waiting.txt"])
    vault.run("restore", vault.listed(*unc("waiting.txt")), "--yes")
    vault.run("collect", vault.listed(*unc("")))
    again = vault.listed(*vault.left("not_ready"), name="again.txt")
    vault.aws.complete_restores()
    vault.forget()

    result = vault.run("collect", again)

    assert result.exit_code == Exit.DONE
    assert "対象 1 件 = 配置済み 1 件" in result.output
    assert set(contents(there)) == {"ready.txt", "waiting.txt"}


def test_a_name_that_is_taken_gets_the_day_of_archiving_then_a_counter(
    vault: Vault, there: Path
) -> None:
    (there / "report.xlsx").write_bytes(b"somebody else's")
    vault.archive({"a/report.xlsx": b"a", "b/report.xlsx": b"b"})
    vault.archive({"c/report.xlsx": b"c"}, archived_at=LATER)

    vault.run("collect", restored(vault, ""))

    assert contents(there) == {
        "report.xlsx": b"somebody else's",
        "report_20231006.xlsx": b"a",
        "report_20231006_2.xlsx": b"b",
        "report_20240101.xlsx": b"c",
    }


def test_collecting_again_places_nothing_twice(vault: Vault, there: Path) -> None:
    vault.archive({"a/same.txt": b"same", "b/same.txt": b"same", "c/same.txt": b"other"})
    listed = restored(vault, "")
    vault.run("collect", listed)
    before = contents(there)

    result = vault.run("collect", listed)

    assert result.exit_code == Exit.DONE
    assert contents(there) == before
    assert sorted(before.values()) == [b"other", b"same", b"same"]


def test_an_object_that_is_not_what_was_archived_is_never_placed(vault: Vault, there: Path) -> None:
    vault.archive({"1.txt": b"one", "2.txt": b"two"})
    listed = restored(vault, "")
    vault.database.query(
        'UPDATE archive_list SET "SHA256" = (SELECT max("SHA256") FROM archive_list)'
    )

    result = vault.run("collect", listed)

    assert result.exit_code == Exit.SOME_FAILED
    assert len(contents(there)) == 1
    assert len(vault.left("failed_downloads")) == 1
    assert "ChecksumMismatch" in vault.left("error_log")[0]


def test_the_version_that_was_archived_is_collected_though_a_newer_one_is_in_the_bucket(
    vault: Vault, there: Path
) -> None:
    vault.archive({"a.txt": b"archived"})
    listed = restored(vault, "a.txt")
    vault.s3.put_object(Bucket=vault.bucket, Key=f"{SHARE}/a.txt", Body=b"by hand")

    assert vault.run("collect", listed).exit_code == Exit.DONE
    assert contents(there) == {"a.txt": b"archived"}


def test_a_file_archived_again_since_it_was_asked_for_is_collected_as_it_was_asked_for(
    vault: Vault, there: Path
) -> None:
    vault.archive({"a.txt": b"asked for", "b.txt": b"asked for too", "c.txt": b"never"})
    listed = restored(vault, "a.txt")
    vault.run("restore", vault.listed(*unc("b.txt")), "--yes")
    vault.archive(
        {"a.txt": b"archived since", "b.txt": b"since", "c.txt": b"new"}, archived_at=LATER
    )
    vault.forget()

    alone = vault.run("collect", listed)
    result = vault.run("collect", vault.listed(*unc("")))

    assert alone.exit_code == Exit.DONE, alone.output
    assert f"前の版を使います（新しい版は未依頼）: {unc('a.txt')[0]}" in alone.output
    assert contents(there) == {"a.txt": b"asked for"}
    assert vault.left("not_ready") == unc("b.txt")
    assert vault.left("restore_again") == unc("c.txt")
    assert "対象 3 件 = 配置済み 1 件 + 復元処理中 1 件 + 復元コピーなし 1 件" in result.output


def test_an_object_sent_in_parts_is_verified_part_by_part(vault: Vault, there: Path) -> None:
    part = 5 * 1024**2
    content = os.urandom(part + 1000)
    vault.archive_in_parts("big.bin", content, part)

    assert vault.run("collect", restored(vault, "big.bin")).exit_code == Exit.DONE
    assert contents(there) == {"big.bin": content}


def test_the_hidden_folder_of_a_killed_run_is_removed_and_other_hidden_files_stay(
    vault: Vault, there: Path
) -> None:
    vault.archive(["a.txt"])
    left = there / ".archive-collect-x1"
    left.mkdir()
    (left / "lock").touch()
    (left / "7").write_bytes(b"half")
    (there / ".archive-collect-x2").mkdir()
    (there / ".mine").touch()

    vault.run("collect", restored(vault, "a.txt"))

    assert set(contents(there)) == {"a.txt", ".mine"}


@pytest.mark.parametrize(("to", "said"), [(None, "--to"), ("missing", "missing")])
def test_a_destination_that_is_not_given_or_not_there_is_a_wrong_argument(
    vault: Vault, to: str | None, said: str
) -> None:
    result = vault.run("collect", vault.listed(*unc("a.txt")), *(["--to", to] if to else []))

    assert result.exit_code == Exit.USAGE
    assert said in result.output


def test_many_files_are_looked_up_by_listing(vault: Vault, there: Path) -> None:
    vault.archive([f"d{number % 7}/{number:04}.txt" for number in range(1200)])
    listed = vault.listed(*unc(""))
    trace = vault.aws.home / "aws.log"
    start = trace.stat().st_size

    result = vault.run("collect", listed)

    assert "復元コピーなし 1,200 件" in result.output
    said = trace.read_text()[start:]
    assert said.count("HeadObject") == 0
    assert said.count("ListObjectsV2") <= 4
    assert not contents(there)

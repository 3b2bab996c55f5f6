"""The bucket alone gives the archive list back."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from scripts.archive import archive_list
from scripts.archive.exits import Exit
from scripts.local_aws import LocalAws
from tests.conftest import Database
from tests.unit.archive.vault import SHARE, Vault

FILES = {
    "営業部/見積 書+①.xlsx": b"one",
    "営業部/100%.txt": b"",
    "営業部/=1+1.csv": b"x" * (9 * 1024**2),  # sent in parts
}


@pytest.fixture
def vault(aws: LocalAws, database: Database, tmp_path: Path) -> Vault:
    """Files that `archive put` has archived, one of them in two versions."""
    vault = Vault(aws, database, tmp_path)
    for name, content in FILES.items():
        path = tmp_path / "mnt" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    put(vault)
    (tmp_path / "mnt/営業部/100%.txt").write_bytes(b"changed")
    put(vault)
    return vault


def put(vault: Vault) -> None:
    folder = vault.listed("\\\\" + SHARE.replace("/", "\\") + "\\営業部")
    options = (
        "--request-id",
        "依頼-1",
        "--requester",
        "田中 太郎",
        "--comment",
        "年度末, =1",
        "--yes",
    )
    result = vault.run("put", folder, *options)
    assert result.exit_code == Exit.DONE, result.output


def rows(vault: Vault) -> list[tuple[object, ...]]:
    columns = ", ".join(f'"{column}"' for column in archive_list.COLUMNS)
    return vault.database.query(f"SELECT {columns} FROM archive_list ORDER BY 4, 5, 13")


def test_a_lost_list_comes_back_as_it_was(vault: Vault) -> None:
    before = rows(vault)
    assert len(before) == 4
    vault.database.query("DROP TABLE archive_list")

    result = vault.run("rebuild")

    assert result.exit_code == Exit.DONE, result.output
    assert "確認: 4 件　追加: 4 件　登録済み: 0 件" in result.output
    assert rows(vault) == before


def test_a_requesters_own_file_is_not_taken_for_our_marker(vault: Vault, tmp_path: Path) -> None:
    for name in ("手順.txt", "手順.txt_archived.txt"):
        (tmp_path / "mnt/営業部" / name).write_bytes(b"")
    put(vault)
    before = rows(vault)
    assert len(before) == 6
    vault.database.query("DROP TABLE archive_list")

    vault.run("rebuild")

    assert rows(vault) == before


def test_rows_that_are_there_stay_and_cost_no_request(vault: Vault) -> None:
    vault.database.query("UPDATE archive_list SET \"コメント\" = 'edited'")
    vault.database.query('DELETE FROM archive_list WHERE "サイズ" = 3')

    result = vault.run("rebuild")

    assert "確認: 4 件　追加: 1 件　登録済み: 3 件" in result.output
    comments = [row[archive_list.COLUMNS.index("コメント")] for row in rows(vault)]
    assert sorted(map(str, comments)) == ["edited"] * 3 + ["年度末, =1"]


def test_objects_of_others_are_told_and_left_out(vault: Vault) -> None:
    vault.s3.put_object(Bucket=vault.bucket, Key=f"{SHARE}/foreign.txt", Body=b"?")
    vault.s3.delete_object(Bucket=vault.bucket, Key=f"{SHARE}/foreign2.txt")

    result = vault.run("rebuild")

    assert result.exit_code == Exit.SOME_FAILED
    assert "対象外・失敗: 1 件" in result.output
    assert "\\\\fsx\\share\\foreign.txt\trebuild\tNotArchived" in vault.left("error_log")[0]
    with closing(vault.connect()) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM archive_list")
        assert cursor.fetchone() == (4,)


def test_a_list_that_was_rebuilt_is_reconciled(vault: Vault) -> None:
    vault.database.query("DROP TABLE archive_list")
    vault.run("rebuild")

    result = vault.run("reconcile")

    assert result.exit_code == Exit.DONE, result.output


def test_the_newest_version_is_still_the_one_that_counts(vault: Vault) -> None:
    vault.database.query("DROP TABLE archive_list")
    vault.run("rebuild")
    folder = vault.listed("\\\\" + SHARE.replace("/", "\\") + "\\営業部")

    again = vault.run("put", folder, "--request-id", "依頼-2", "--yes")
    vault.run("restore", folder, "--yes")

    assert "アーカイブ済みで、その後の変更なし: 3" in again.output
    assert len(rows(vault)) == 4
    newest = vault.s3.head_object(Bucket=vault.bucket, Key=f"{SHARE}/営業部/100%.txt")
    assert newest["Restore"] == 'ongoing-request="true"'

"""`archive restore`: what is asked for, what is said, what is left for the next step."""

from __future__ import annotations

import csv
import unicodedata

import pytest

from scripts.archive.exits import Exit
from tests.unit.archive.vault import SHARE, Vault, unc

HEADER = "ディレクトリパス,復元対象ファイル名"


def result_rows(vault: Vault) -> list[list[str]]:
    return list(csv.reader(vault.left("restore_results")))[1:]


def restore_header(vault: Vault, path: str) -> str | None:
    head = vault.s3.head_object(Bucket=vault.bucket, Key=f"{SHARE}/{path}")
    restore: str | None = head.get("Restore")
    return restore


def test_files_and_directories_are_asked_for_once_and_are_what_collect_takes(vault: Vault) -> None:
    vault.archive(["a/1.txt", "a/b/2.txt", "c/3.txt", "c2/4.txt"])
    listed = vault.listed(
        HEADER, r"\\FSX\Share\a,", r"\\fsx\share\a,1.txt", r"\\fsx\share\c\,3.txt", name="r.csv"
    )

    result = vault.run("restore", listed, "--yes")

    assert result.exit_code == Exit.DONE, result.output
    assert vault.left("restore_requests") == unc("a/1.txt", "a/b/2.txt", "c/3.txt")
    assert restore_header(vault, "a/b/2.txt") == 'ongoing-request="true"'
    assert restore_header(vault, "c2/4.txt") is None
    assert "対象 3 件 = 受付 3 件 + 失敗 0 件" in result.output
    *_, ready, collect = result.output.splitlines()
    assert "（日本時間）までに復元が終わります" in ready
    assert collect.startswith("archive collect ")
    assert [row[0] for row in result_rows(vault)] == ["2", "2", "3", "4"]


def test_rows_that_are_not_in_the_list_are_told_and_the_rest_goes_on(
    vault: Vault,
) -> None:
    vault.archive(["a.txt"])
    listed = vault.listed(*unc("a.txt", "nope.txt"), r"\\other\share\x", "relative.txt")

    result = vault.run("restore", listed, "--yes")

    assert result.exit_code == Exit.SOME_FAILED
    assert vault.left("restore_requests") == unc("a.txt")
    assert vault.left("restore_errors") == [*unc("nope.txt"), r"\\other\share\x"]
    log = vault.left("error_log")
    assert len(log) == 3
    assert all("行目" in line for line in log)
    assert "対象 4 件 = 受付 1 件 + 失敗 3 件" in result.output


def test_the_errors_fed_back_in_do_exactly_the_rest(vault: Vault) -> None:
    vault.archive(["a.txt"])
    vault.run("restore", vault.listed(*unc("a.txt", "later.txt")), "--yes")
    errors = vault.listed(*vault.left("restore_errors"), name="again.txt")
    vault.archive(["later.txt"])
    vault.forget()

    result = vault.run("restore", errors, "--yes")

    assert result.exit_code == Exit.DONE
    assert vault.left("restore_requests") == unc("later.txt")


def test_what_is_under_way_restored_readable_or_gone_is_told_apart(vault: Vault) -> None:
    vault.archive(["restored.txt"])
    vault.run("restore", vault.listed(*unc("restored.txt")), "--yes")
    vault.aws.complete_restores()
    vault.archive(["progress.txt"])
    vault.run("restore", vault.listed(*unc("progress.txt")), "--yes")
    vault.archive(["standard.txt"], storage="STANDARD")
    vault.archive(["gone.txt"], upload=False)
    vault.forget()

    result = vault.run("restore", vault.listed(*unc("")), "--yes")

    assert result.exit_code == Exit.SOME_FAILED
    said = {row[2].rpartition("\\")[2]: row[3] for row in result_rows(vault)}
    assert said == {
        "restored.txt": "復元済み",
        "progress.txt": "復元処理中",
        "standard.txt": "復元不要",
        "gone.txt": "S3にありません",
    }
    assert vault.left("restore_requests") != unc("gone.txt")
    assert vault.left("restore_errors") == unc("gone.txt")
    assert any("まで" in row[4] for row in result_rows(vault) if row[3] == "復元済み")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_name_in_the_other_unicode_form_is_found_as_it_was_archived(
    vault: Vault, form: str
) -> None:
    on_disk = unicodedata.normalize("NFC", "プロジェ/") + unicodedata.normalize("NFD", "ガイド.txt")
    vault.archive([on_disk])
    listed = vault.listed(unicodedata.normalize(form, unc("プロジェ/ガイド.txt")[0]))  # type: ignore[arg-type]

    result = vault.run("restore", listed, "--yes")

    assert result.exit_code == Exit.DONE, result.output
    assert vault.left("restore_requests") == unc(on_disk)


def test_cells_that_excel_or_the_page_guarded_are_read_as_they_are_first(vault: Vault) -> None:
    vault.archive(["=1+1.txt", "'=2.txt"])
    listed = vault.listed(HEADER, r"\\fsx\share,'=1+1.txt", r"\\fsx\share,'=2.txt", name="r.csv")

    assert vault.run("restore", listed, "--yes").exit_code == Exit.DONE
    assert vault.left("restore_requests") == unc("'=2.txt", "=1+1.txt")


def test_the_newest_version_of_a_changed_file_is_asked_for(vault: Vault) -> None:
    vault.archive({"a.txt": b"old"})
    vault.archive({"a.txt": b"new"})

    vault.run("restore", vault.listed(*unc("a.txt")), "--yes")

    assert restore_header(vault, "a.txt") == 'ongoing-request="true"'


def test_a_csv_without_its_header_is_refused_and_nothing_is_asked(vault: Vault) -> None:
    vault.archive(["a.txt"])

    result = vault.run("restore", vault.listed(*unc("a.txt"), name="r.csv"), "--yes")

    assert result.exit_code == Exit.REFUSED
    assert "復元対象ファイル名" in result.output
    assert restore_header(vault, "a.txt") is None
    assert not (vault.folder / "reports").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--tier", "expedited"], "Deep Archive にはありません"),
        (["--tier", "quick"], "bulk か standard"),
        (["--days", "0"], "1 から"),
        (["--engine", "magic"], "direct"),
    ],
)
def test_wrong_options_are_refused_with_what_to_write_instead(
    vault: Vault, options: list[str], said: str
) -> None:
    result = vault.run("restore", vault.listed(*unc("a.txt")), *options)

    assert result.exit_code == Exit.USAGE
    assert said in result.output


def test_nothing_is_asked_without_an_answer(vault: Vault) -> None:
    vault.archive(["a.txt"])

    result = vault.run("restore", vault.listed(*unc("a.txt")))

    assert result.exit_code == Exit.USAGE
    assert "--yes" in result.output
    assert restore_header(vault, "a.txt") is None


def test_a_dry_run_shows_cost_tier_and_time_and_asks_nothing(vault: Vault) -> None:
    vault.archive({"a.txt": b"x" * 1000})

    result = vault.run(
        "restore", vault.listed(*unc("a.txt")), "--dry-run", "--tier", "standard", "--days", "3"
    )

    assert result.exit_code == Exit.DONE
    for said in ("1 ファイル", "依頼者の同意", "日本時間", "米ドル", "3 日間"):
        assert said in result.output
    assert restore_header(vault, "a.txt") is None
    assert not (vault.folder / "reports").exists()


def test_an_error_that_would_meet_all_stops_early_and_lists_the_rest(vault: Vault) -> None:
    vault.archive([f"{number:03}.txt" for number in range(200)])
    vault.environ["ARCHIVE_BUCKET"] = vault.bucket
    listed = vault.listed(*unc(""))
    vault.database.query(f"UPDATE archive_list SET \"S3バケット名\" = '{vault.bucket}-gone'")
    vault.environ["ARCHIVE_BUCKET"] = f"{vault.bucket}-gone"

    result = vault.run("restore", listed, "--yes")

    assert result.exit_code == Exit.SOME_FAILED
    assert len(vault.left("restore_errors")) == 200
    assert "未依頼" in result.output


def test_a_row_with_yen_signs_or_quotes_that_is_not_listed_is_valid_input_again(
    vault: Vault,
) -> None:
    listed = vault.listed("¥¥fsx¥share¥a.txt", '"\\\\fsx\\share\\b.txt"')

    vault.run("restore", listed, "--yes")

    assert vault.left("restore_errors") == unc("a.txt", "b.txt")


def test_a_row_in_another_case_is_the_only_file_that_it_can_be(vault: Vault) -> None:
    vault.archive(["Data/見積.XLSX", "b/Two.txt", "b/two.txt"])

    result = vault.run("restore", vault.listed(*unc("data/見積.xlsx", "b/TWO.txt")), "--yes")

    assert result.exit_code == Exit.SOME_FAILED
    assert vault.left("restore_requests") == unc("Data/見積.XLSX")
    assert vault.left("restore_errors") == unc("b/TWO.txt")

r"""`archive put` as an operator meets it: what it shows, what it leaves, how it ends."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scripts.archive import consent
from scripts.archive.exits import Exit
from scripts.archive.put.checking.check import Findings
from scripts.archive.put.pace import remember
from scripts.archive.put.run import transfer
from scripts.archive.put.stop import on_signal
from scripts.archive.put.watch import Watch
from scripts.archive.run_files import RunFiles
from scripts.local_aws import LocalAws
from tests.conftest import Database
from tests.unit.archive.put.back import REQUEST, Back
from tests.unit.archive.put.desk import UNC, Desk

HEADER = "ディレクトリパス,ファイル名\n"
REPOSITORY = Path(__file__).parents[4]


@pytest.fixture
def desk(  # noqa: PLR0917 - fixtures
    aws: LocalAws,
    back: Back,
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Desk:
    home = tmp_path / "home"
    home.mkdir()
    settings = {
        **database.settings(),
        "DB_USERNAME": "postgres",
        "AWS_ENDPOINT_URL": aws.endpoint,
        "AWS_REGION": "ap-northeast-1",
        "ARCHIVE_BUCKET": back.tools.bucket,
        "ARCHIVE_SHARES": f"//fsx-server-name/share={back.mount}",
        "ARCHIVE_REPORT_FOLDER": str(home / "reports"),
        "PYTHONPATH": os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "layers/batchworks")]),
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    nobody = (home / "nobody").open("w+")
    monkeypatch.setattr(sys, "stdin", nobody)
    return Desk(back, home, dict(os.environ), monkeypatch, capsys)


def test_a_request_is_checked_previewed_archived_and_summed_up(desk: Desk) -> None:
    for number in range(5):
        desk.back.write(f"d/{number}.txt")
    desk.back.write("single.txt", b"12345678")

    said = desk.put(f"備考,{HEADER}至急,{UNC}\\d,\n,{UNC},single.txt\n")

    assert (said.code, said.err) == (Exit.DONE, "")
    assert said.out.count("次の列は使いません: 備考") == 1
    assert "対象: 6 ファイル、43 バイト" in said.out
    assert "依頼 6 = アーカイブ 6 + 対象外 0 + 失敗 0" in said.out
    assert len(desk.back.rows()) == len(desk.back.versions()) == len(desk.back.markers()) == 6
    assert not desk.files("*")


def test_the_same_list_in_two_requests_is_archived_once(desk: Desk) -> None:
    for number in range(5):
        desk.back.write(f"d/{number}.txt")
    desk.put(f"{UNC}\\d\n")

    said = desk.run("put", desk.listed(f"{UNC}\\d\n"), "--request-id", "REQ-2", "--yes")

    assert said.code == Exit.DONE
    assert "アーカイブ済みで、その後の変更なし: 5" in said.out
    assert "マーカー（アーカイブ済みの印）: 5" in said.out
    assert "アーカイブするファイルはありません" in said.out
    assert len(desk.back.rows()) == len(desk.back.versions()) == 5


def test_a_list_with_problems_is_refused_whole_and_told_in_the_error_log_only(desk: Desk) -> None:
    desk.back.write("d/ok.txt")
    rows = "".join(f"{UNC}\\d,none{number}.txt\n" for number in range(25))

    said = desk.put(f"{HEADER}{UNC}\\d,ok.txt\n{rows}")

    assert said.code == Exit.REFUSED
    assert "25 件の問題が見つかりました。何もアーカイブしていません" in said.err
    assert f"{UNC}\\d\\none0.txt: 3 行目、{UNC}\\d に「none0.txt」がありません" in said.err
    assert "ほか 5 件（すべてエラーログにあります）" in said.err
    (log,) = desk.files("*")
    assert f"エラーログ: {log}" in said.err
    fields = desk.lines("error_log")[24].split("\t")
    assert fields[1:4] == [rf"{UNC}\d\none24.txt", "check", "CheckFailed"]
    assert fields[4].startswith("27 行目、")
    assert not desk.back.versions()


def test_a_dry_run_stops_after_the_preview(desk: Desk) -> None:
    desk.back.write("d/a.txt")

    said = desk.put(f"{UNC}\\d", "--dry-run")

    assert said.code == Exit.DONE
    assert "アーカイブの見積もり（依頼ID REQ-1" in said.out
    assert not desk.back.versions()
    assert not desk.back.markers()


def test_where_nobody_can_be_asked_nothing_is_sent(desk: Desk) -> None:
    desk.back.write("d/a.txt")

    said = desk.run("put", desk.listed(f"{UNC}\\d"), "--request-id", "R")

    assert said.code == Exit.USAGE
    assert "--yes を付けてください" in said.err
    assert not desk.back.versions()


def _while_asked(desk: Desk, act: Callable[[], object]) -> None:
    """Let something happen once, between the check and the transfer."""
    acts = [act]
    desk.patch.setattr(consent, "ask", lambda _question, *, yes: yes and acts and acts.pop()())


def test_what_failed_stands_in_a_list_that_does_exactly_the_rest(desk: Desk) -> None:
    names = ["悪い,名前 .txt", "a.txt", 'b".txt', "=c.txt"]
    for name in names:
        desk.back.write(f"d/{name}")
    _while_asked(desk, lambda: [desk.back.write(f"d/{n}", b"changed") for n in names[1:]])
    first = desk.put(f"{UNC}\\d\n")
    (failed,) = desk.files("failed_uploads")

    again = desk.run("put", failed, "--request-id", "REQ-1", "--yes")

    assert first.code == Exit.SOME_FAILED
    assert "依頼 4 = アーカイブ 1 + 対象外 0 + 失敗 3" in first.out
    assert f"archive put {failed} --request-id …" in first.out
    assert sorted(desk.lines("failed_uploads")) == sorted(rf"{UNC}\d\{n}" for n in names[1:])
    assert [line.split("\t")[2:4] for line in desk.lines("error_log")] == [
        ["upload", "FileChanged"]
    ] * 3
    assert again.code == Exit.DONE
    assert "依頼 3 = アーカイブ 3 + 対象外 0 + 失敗 0" in again.out
    assert len(desk.back.rows()) == 4


def test_a_terminal_shows_a_bar_with_files_bytes_rate_and_time_left(desk: Desk) -> None:
    desk.back.write("d/a.txt", b"12345")
    desk.patch.setenv("FORCE_COLOR", "1")

    said = desk.put(f"{UNC}\\d\n")

    assert said.code == Exit.DONE
    assert "1 / 1 ファイル、5 バイト / 5 バイト、毎秒 " in said.err
    assert "残り" in said.err


def test_links_are_said_on_the_screen_and_in_the_error_log(desk: Desk) -> None:
    desk.back.write("d/a.txt")
    (desk.back.mount / "d/link").symlink_to("a.txt")

    said = desk.put(f"{UNC}\\d\n")

    assert said.code == Exit.DONE
    assert "リンク（リンク先はアーカイブしません）: 1" in said.out
    assert f"{UNC}\\d\\link" in said.out
    assert desk.lines("error_log")[0].split("\t")[1:4] == [rf"{UNC}\d\link", "check", "Link"]
    assert "依頼 2 = アーカイブ 1 + 対象外 1 + 失敗 0" in said.out


@pytest.mark.parametrize("options", [["--dry-run"], []], ids=["dry run", "nothing to do"])
def test_the_error_log_with_the_links_is_named_without_a_transfer_too(
    desk: Desk, options: list[str]
) -> None:
    desk.back.write("d/a.txt")
    desk.put(f"{UNC}\\d\n")
    (desk.back.mount / "d/link").symlink_to("a.txt")

    said = desk.put(f"{UNC}\\d\n", *options)

    assert said.code == Exit.DONE
    assert "error_log_" in said.out


def test_a_marker_that_is_missing_is_written_by_the_next_run(desk: Desk) -> None:
    desk.back.write("d/a.txt")
    desk.put(f"{UNC}\\d\n")
    (desk.back.mount / "d/a.txt_archived.txt").unlink()

    said = desk.put(f"{UNC}\\d\n")

    assert said.code == Exit.DONE
    assert "マーカーがないため作成: 1" in said.out
    assert desk.back.markers() == ["d/a.txt_archived.txt"]
    assert len(desk.back.versions()) == 1


def test_a_marker_that_still_cannot_be_written_is_a_warning(desk: Desk) -> None:
    desk.back.write("d/" + "長" * 83)

    said = desk.put(f"{UNC}\\d\n")

    assert said.code == Exit.DONE
    assert "警告: マーカーを置けなかったもの 1" in said.out
    assert desk.lines("error_log")[0].split("\t")[2:4] == ["marker", "MarkerNotWritten"]
    assert len(desk.back.rows()) == 1


def test_a_name_that_leaves_no_room_for_a_marker_is_a_warning_once(desk: Desk) -> None:
    desk.back.write("d/" + "あ" * 83 + ".txt")

    first, second = (desk.put(f"{UNC}\\d\n") for _ in range(2))

    assert (first.code, second.code) == (Exit.DONE, Exit.DONE)
    assert "警告: マーカーを置けなかったもの 1" in first.out
    assert "名前が長すぎるため" in desk.lines("error_log")[0]
    assert "マーカー" not in second.out
    assert len(desk.lines("error_log")) == 1


def test_originals_are_deleted_if_asked_and_a_second_run_agrees(desk: Desk) -> None:
    desk.back.write("d/old.txt")
    desk.put(f"{UNC}\\d\n")
    desk.back.write("d/new.txt")
    content = f"{HEADER}{UNC}\\d,old.txt\n{UNC}\\d,new.txt\n"

    said = desk.put(content, "--delete-originals")
    again = desk.put(content, "--delete-originals")
    without = desk.put(content)

    assert "検証後に元のファイル 2 件を削除します" in said.out
    assert "元のファイルの削除: 2、削除できず 0" in said.out
    assert sorted(path.name for path in (desk.back.mount / "d").iterdir()) == [
        "new.txt_archived.txt", "old.txt_archived.txt",
    ]  # fmt: skip
    assert len(desk.lines("deleted_originals")) == 1 + 2 * 2
    assert (said.code, again.code, without.code) == (Exit.DONE, Exit.DONE, Exit.REFUSED)
    assert "アーカイブ済みで、元のファイルは削除済み: 2" in again.out


def test_originals_that_cannot_be_deleted_are_said(desk: Desk) -> None:
    path = desk.back.mount / "d/a.txt"
    desk.back.write("d/a.txt")
    desk.put(f"{UNC}\\d\n")
    _while_asked(desk, lambda: path.write_bytes(b"changed since"))

    said = desk.put(f"{UNC}\\d\n", "--delete-originals")

    assert said.code == Exit.SOME_FAILED
    assert "削除できず 1" in said.out
    assert path.read_bytes() == b"changed since"


@pytest.mark.parametrize("size", [3, 9 * 1024**2])
def test_an_original_replaced_by_one_of_the_same_size_and_time_is_not_deleted(
    desk: Desk, size: int
) -> None:
    original = desk.back.write("d/a.txt", b"1" * size)
    desk.put(f"{UNC}\\d\n")
    path = desk.back.mount / "d/a.txt"
    path.write_bytes(b"2" * size)
    os.utime(path, ns=(original.modified, original.modified))

    said = desk.put(f"{UNC}\\d\n", "--delete-originals")

    assert said.code == Exit.SOME_FAILED
    assert "削除できず 1" in said.out
    assert desk.lines("error_log")[0].split("\t")[2:4] == ["delete", "ContentDiffers"]
    assert path.read_bytes() == b"2" * size


def test_a_file_that_was_only_touched_is_unchanged_once_s3_confirmed_it(desk: Desk) -> None:
    desk.back.write("d/a.txt")
    desk.put(f"{UNC}\\d\n")
    os.utime(desk.back.mount / "d/a.txt", ns=(1, 1000))

    touched = desk.put(f"{UNC}\\d\n")
    again = desk.put(f"{UNC}\\d\n", "--delete-originals")

    assert "うち送信済みだったもの: 1" in touched.out
    assert "アーカイブ済みで、その後の変更なし: 1" in again.out
    assert "元のファイルの削除: 1、削除できず 0" in again.out
    assert len(desk.back.rows()) == len(desk.back.versions()) == 1


def test_nothing_is_deleted_where_the_bucket_keeps_no_versions(desk: Desk) -> None:
    desk.back.write("d/a.txt")
    desk.back.s3.put_bucket_versioning(
        Bucket=desk.back.tools.bucket, VersioningConfiguration={"Status": "Suspended"}
    )

    said = desk.put(f"{UNC}\\d\n", "--delete-originals")

    assert said.code == Exit.REFUSED
    assert "バージョニングが有効でない" in said.err
    assert not desk.back.versions()


def test_the_pace_of_a_run_tells_how_long_the_next_one_takes(desk: Desk) -> None:
    desk.back.write("d/a.txt")
    assumed = desk.put(f"{UNC}\\d\n", "--dry-run")
    remember(desk.home / "reports", 10, 10 * 1024**2, 10.0)

    measured = desk.put(f"{UNC}\\d\n", "--dry-run")

    assert "（毎秒 50.0 MB、実績がないための仮定）" in assumed.out
    assert "（毎秒 1.2 MB、前回の実績）" in measured.out


@pytest.mark.parametrize(
    ("missing", "code", "told"),
    [
        ({"ARCHIVE_BUCKET": ""}, Exit.USAGE, "ARCHIVE_BUCKET"),
        ({"ARCHIVE_SHARES": "x"}, Exit.USAGE, "ARCHIVE_SHARES の 'x' を読めません"),
        ({"DB_NAME": "nowhere"}, Exit.SOME_FAILED, "アーカイブリスト (PostgreSQL) を使えません"),
    ],
)
def test_settings_that_are_wrong_are_told_in_one_message(
    desk: Desk, missing: dict[str, str], code: Exit, told: str
) -> None:
    for name, value in missing.items():
        desk.patch.setenv(name, value)

    said = desk.put(f"{UNC}\\d\n")

    assert said.code == code
    assert told in said.err
    assert "Traceback" not in said.err


def test_a_list_that_is_missing_is_refused(desk: Desk) -> None:
    said = desk.run("put", desk.home / "none.csv", "--request-id", "R", "--yes")

    assert said.code == Exit.REFUSED
    assert "リストを開けません" in said.err


def test_ctrl_c_leaves_the_rest_in_the_failed_list(desk: Desk) -> None:
    for each in range(900):
        desk.back.write(f"d/{each}.txt")
    path = desk.listed(f"{UNC}\\d\n")
    process = desk.start("put", path, "--request-id", "REQ-1", "--yes")
    while process.poll() is None and not desk.back.rows():
        time.sleep(0.02)

    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)

    archived = len(desk.back.rows())
    assert process.returncode == Exit.SOME_FAILED, err
    assert 0 < archived < 900
    assert "中断します" in err
    assert f"依頼 900 = アーカイブ {archived} + 対象外 0 + 失敗 {900 - archived}" in out
    assert len(desk.lines("failed_uploads")) == 900 - archived
    assert len(desk.back.markers()) == archived


def test_after_the_first_signal_no_file_is_begun_though_many_are_handed_in(desk: Desk) -> None:
    originals = [desk.back.write(f"d/{each}.txt") for each in range(450)]
    begun: list[float] = []

    with RunFiles(desk.home / "reports", datetime.now(UTC)) as files:
        account = transfer(
            Findings(originals=originals),
            REQUEST,
            desk.back.tools,
            files,
            watch=Watch(450, 0, lambda share, _: begun.append(share)),
            stopped=lambda: len(begun) >= 100,
        )

    assert account.archived <= 100 + 32  # those that were on their way
    assert len(desk.lines("failed_uploads")) == account.failed == 450 - account.archived
    assert {line.split("\t")[3] for line in desk.lines("error_log")} == {"Interrupted"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_drops_what_is_on_its_way_and_the_account_still_adds_up(
    desk: Desk, number: signal.Signals
) -> None:
    originals = [desk.back.write(f"d/{each}.txt") for each in range(450)]
    findings = Findings(originals=originals)
    said: list[str] = []

    def twice(_share: float, _text: str) -> None:
        if len(said) < 2:
            os.kill(os.getpid(), number)

    with (
        on_signal(said.append) as stopped,
        RunFiles(desk.home / "reports", datetime.now(UTC)) as files,
    ):
        watch = Watch(len(originals), 0, twice)
        account = transfer(findings, REQUEST, desk.back.tools, files, watch=watch, stopped=stopped)

    assert len(said) == 2
    assert account.requested == 450 == account.archived + account.failed
    assert account.failed == len(desk.lines("failed_uploads")) > 0
    assert len(desk.put(f"{UNC}\\d\n").out) > 0
    assert len(desk.back.rows()) == len(desk.back.versions()) == len(desk.back.markers()) == 450

r"""Everything is looked at before anything is sent: what is found, and what is refused."""

from __future__ import annotations

import os
import socket
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scripts.archive import archive_list
from scripts.archive.put.checking.check import Skipped
from scripts.archive.put.checking.places import Place
from scripts.archive.put.checking.walk import files_below
from scripts.archive.put.originals import Request
from scripts.archive.settings import Database as DatabaseSettings
from tests.conftest import Database
from tests.unit.archive.put.front import SHARE, UNC, Front, keys, ordinary_user, told

HEADER = "ディレクトリパス,ファイル名\n"
NFC = "ガイドブック.pdf"
NFD = unicodedata.normalize("NFD", NFC)


@pytest.fixture
def front(database: Database) -> Iterator[Front]:
    server = database.server
    connection = archive_list.connect(
        DatabaseSettings(
            "127.0.0.1", server.port, database.name, "postgres", server.password, "disable"
        )
    )
    archive_list.create(connection)
    with TemporaryDirectory() as folder:
        home = Path(folder)
        home.chmod(0o755)  # the ordinary user gets this far
        mount = home / "mount"
        mount.mkdir()
        yield Front(mount, connection, home)
    connection.close()


def test_folders_at_any_depth_and_single_files_alike(front: Front) -> None:
    for path in ("a/1.txt", "a/b/c/2.txt", "d/3.txt", "d/4.txt"):
        front.write(path)

    findings = front.check(rf"{HEADER}{UNC}\a,{chr(10)}{UNC}\d,3.txt{chr(10)}{UNC}\d\4.txt,")

    assert keys(findings) == ["a/1.txt", "a/b/c/2.txt", "d/3.txt", "d/4.txt"]
    assert not findings.problems


def test_size_and_time_are_those_on_disk(front: Front) -> None:
    file = front.write("a.txt", b"12345")
    os.utime(file, ns=(1, 1_700_000_000_123_456_789))

    (original,) = front.check(rf"{UNC}\a.txt").originals

    assert (original.key, original.size, original.modified) == (
        f"{SHARE}/a.txt",
        5,
        1_700_000_000_123_456_789,
    )


@pytest.mark.parametrize("name", [
    "ＡＢＣ１２３.txt",
    "ABC123.txt",
    "ﾃﾞｰﾀ①㈱Ⅳ髙﨑∥.txt",
    "波ダッシュ～.txt",
    "チルダ~.txt",
    "a,b.txt",
    "引用'符\".txt",
    " 前後の空白 ",
    "\u3000全角の空白\u3000",
    "末尾の点...",
    "=合計.xlsx",
    "'=合計.xlsx",
    "ショートカット.lnk",
    "依頼者のメモ_archived.txt",
    "100% + #1 (最終版)&[済].txt",
    "長" * 85,
    ".隠し",
])  # fmt: skip
def test_awkward_names_are_ordinary_files(front: Front, name: str) -> None:
    front.write(f"わけあり/{name}")
    quoted = name.replace('"', '""')

    for content in (
        f'{HEADER}{UNC}\\わけあり,"{quoted}"\n'.encode("cp932"),
        f"{UNC}\\わけあり\\{name}\n".encode(),
        f"{UNC}\\わけあり\n".encode("utf-8-sig"),
    ):
        findings = front.check(content)
        assert keys(findings) == [f"わけあり/{name}"], told(findings)


def test_an_empty_file_is_a_file(front: Front) -> None:
    front.write("空.txt", b"")

    assert keys(front.check(rf"{UNC}\空.txt")) == ["空.txt"]


@pytest.mark.parametrize(("there", "asked"), [(NFC, NFD), (NFD, NFC)])
def test_the_other_normal_form_is_found_and_kept_as_on_disk(
    front: Front, there: str, asked: str
) -> None:
    front.write(f"{there}/{there}")

    findings = front.check(rf"{UNC}\{asked}\{asked}")

    assert keys(findings) == [f"{there}/{there}"]


def test_what_is_there_as_written_wins_over_the_other_normal_form(front: Front) -> None:
    front.write(NFC, b"nfc")
    front.write(NFD, b"nfd")

    assert keys(front.check(rf"{UNC}\{NFD}")) == [NFD]
    assert keys(front.check(rf"{UNC}\{NFC}")) == [NFC]


def test_names_that_can_not_be_told_apart_are_refused(front: Front) -> None:
    half, full = (
        "ガ" + unicodedata.normalize("NFD", "ギ"),
        unicodedata.normalize("NFD", "ガ") + "ギ",
    )
    front.write(half)
    front.write(full)

    assert "見分けのつかない名前が複数" in told(front.check(rf"{UNC}\ガギ"))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="/\\"), min_size=1).map(
        lambda text: text[:40].strip(".'\"¥￥＼") or "x"
    )
)
def test_any_name_reaches_s3_as_it_is_on_disk(front: Front, name: str) -> None:
    path = front.write(f"d/{name}")
    try:
        assert keys(front.check(rf"{UNC}\d\{name}")) == [f"d/{name}"]
    finally:
        path.unlink()


def test_every_problem_of_every_row_is_in_one_report(front: Front) -> None:
    front.write("a/ok.txt")
    front.write("a/b.txt")
    (front.mount / "link").symlink_to(front.mount / "a")
    rows = [
        rf"{UNC}\a,ok.txt",
        rf"{UNC}\a,none.txt",
        rf"{UNC}\nowhere,",
        r"a\b,c.txt",
        r"\\other\share,c.txt",
        rf"{UNC}\a\..\a,ok.txt",
        rf"{UNC}\a,b,c.txt",
        rf"{UNC}\a\ok.txt,x",
        rf"{UNC},a",
        rf"{UNC}\link,b.txt",
        rf"{UNC}\{'長' * 400},",
    ]

    findings = front.check(HEADER + "\n".join(rows))

    said = told(findings).splitlines()
    assert [int(line.partition(":")[0]) for line in said] == [*range(3, 13)]
    for line, words in zip(said, [
        rf"{UNC}\a\none.txt: {UNC}\a に「none.txt」がありません。パスを確認",
        rf"{UNC} に「nowhere」がありません",
        r"フルパスではありません。\\サーバー名",
        r"共有 \\other\share は設定にありません",
        "「.」または「..」が含まれています",
        "見出しより列が多い行です。カンマを含む名前は",
        rf"{UNC}\a\ok.txt はフォルダーではありません",
        "ファイル名の列にフォルダーが書かれています",
        rf"{UNC}\link はリンクです（リンク先はアーカイブしません）。リンク先の実際のパス",
        "パスが長すぎます（UTF-8 で 1,222 バイト、S3 の上限は 1,024 バイト）",
    ], strict=True):  # fmt: skip
        assert words in line


@pytest.mark.parametrize(
    ("there", "asked"),
    [("波〜線.txt", "波～線.txt"), ("Report.TXT", "report.txt"), ("ＡＢＣ.txt", "ABC.txt"),
     ("a.txt ", "a.txt"), ("ﾃﾞｰﾀ.csv", "データ.csv")],
)  # fmt: skip
def test_a_name_that_is_nearly_there_is_pointed_to(front: Front, there: str, asked: str) -> None:
    front.write(there)

    assert f"よく似た名前 「{there}」 があります" in told(front.check(rf"{UNC}\{asked}"))


def test_a_list_that_breaks_off_is_reported_with_what_came_before(front: Front) -> None:
    findings = front.check(f'{HEADER}{UNC}\\none,\n{UNC},"a\n')

    assert "2: " in told(findings)
    assert "3: " in told(findings)
    assert "引用符" in told(findings)


def test_an_unreadable_file_and_folder_are_refused(front: Front) -> None:
    front.write("d/secret.txt").chmod(0)
    front.write("closed/a.txt").parent.chmod(0)

    (front.home / "list.csv").touch()
    (front.home / "list.csv").chmod(0o666)

    with ordinary_user():
        findings = front.check(f"{UNC}\\d\n{UNC}\\closed\n{UNC}\\closed\\a.txt\n")

    assert sorted(told(findings).splitlines()) == [
        f"{line}: {UNC}\\{path}: 読み取る権限がありません。"
        "このコマンドを実行するユーザーに読み取り権限を付けてください"
        for line, path in [(1, r"d\secret.txt"), (2, "closed"), (3, r"closed\a.txt")]
    ]
    assert not findings.originals


def test_a_folder_that_may_be_listed_only_is_told_file_by_file(front: Front) -> None:
    front.write("d/a.txt")
    front.write("d/b.txt").parent.chmod(0o644)

    with ordinary_user():
        folder = Place(f"{SHARE}/d", str(front.mount / "d"), (front.mount / "d").lstat())
        found = list(files_below(folder))

    assert sorted(wrong[0] for wrong in found if isinstance(wrong, tuple)) == [
        f"{SHARE}/d/a.txt",
        f"{SHARE}/d/b.txt",
    ]


def test_a_file_that_goes_meanwhile_is_as_if_it_had_never_been(front: Front) -> None:
    for number in range(3):
        front.write(f"d/{number}.txt")
    found = files_below(Place(f"{SHARE}/d", str(front.mount / "d"), front.mount.lstat()))
    first = next(found)
    for path in (front.mount / "d").iterdir():
        path.unlink()

    assert isinstance(first, Place)
    assert not list(found)


def test_links_in_a_folder_are_not_followed_and_said(front: Front) -> None:
    front.write("elsewhere/a.txt")
    front.write("d/b.txt")
    (front.mount / "d/folder").symlink_to(front.mount / "elsewhere")
    (front.mount / "d/file").symlink_to(front.mount / "elsewhere/a.txt")
    (front.mount / "d/dangling").symlink_to("nowhere")
    (front.mount / "d/round").symlink_to(front.mount / "d")

    findings = front.check(rf"{UNC}\d")

    assert keys(findings) == ["d/b.txt"]
    assert sorted(link.path for link in findings.links) == [
        rf"{UNC}\d\{name}" for name in ("dangling", "file", "folder", "round")
    ]
    assert findings.skipped[Skipped.LINK] == 4
    assert findings.requested == 5


def test_names_that_people_could_not_write_are_refused(front: Front) -> None:
    front.write("d/a\\b.txt")
    front.write("d/c\nd.txt")
    (front.mount / "d" / os.fsdecode(b"\x83\x65.txt")).write_bytes(b"x")
    front.write("d/" + os.fsdecode(b"\xff") + "/below.txt")

    said = told(front.check(rf"{UNC}\d"))

    assert said.count("\\ または制御文字（改行など）が含まれています。名前を変更") == 2
    assert rf"{UNC}\d\\x83e.txt: 名前に文字として読めないバイトがあります" in said
    assert rf"{UNC}\d\\xff: 名前に文字として読めないバイトがあります" in said


def test_what_is_no_file_is_refused(front: Front) -> None:
    front.write("d/a.txt")
    os.mkfifo(front.mount / "d/pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(front.mount / "d/socket"))
        findings = front.check(f"{UNC}\\d\n{UNC}\\d\\pipe\n")

    assert told(findings).count("パイプ、ソケット、デバイス") == 3


def test_a_path_below_the_limit_in_characters_but_not_in_bytes_is_refused(front: Front) -> None:
    deep = "/".join(["深" * 80] * 4)
    front.write(f"d/{deep}/{'長' * 13}")
    front.write(f"d/{deep}/{'長' * 12}")

    findings = front.check(rf"{UNC}\d")

    assert [len(original.key.encode()) for original in findings.originals] == [1_024]
    assert "パスが長すぎます" in told(findings)


def test_a_folder_and_a_file_of_it_are_archived_once_and_that_is_said(front: Front) -> None:
    front.write("d/a.txt")
    front.write("d/b.txt")

    findings = front.check(
        f"{UNC}\\d\n{UNC}\\d\\a.txt\n{UNC}\\d\\\n//FSX-SERVER-NAME/Share/d/b.txt"
    )

    assert keys(findings) == ["d/a.txt", "d/b.txt"]
    assert findings.skipped == {Skipped.TWICE: 4}
    assert findings.requested == 6


def test_what_is_archived_unchanged_is_skipped_and_its_missing_marker_noted(front: Front) -> None:
    names = ("marked.txt", "unmarked.txt", "markerless.txt", "longer.txt", "later.txt", "new.txt")
    for name in names:
        front.write(f"d/{name}")
    before = {o.key.rpartition("/")[2]: o for o in front.check(rf"{UNC}\d").originals}
    front.record(*(before[name] for name in names if name not in ("markerless.txt", "new.txt")))
    front.record(before["markerless.txt"], suffix=None)
    front.write("d/marked.txt_archived.txt", b"")
    front.write("d/longer.txt", b"longer")
    os.utime(front.mount / "d/longer.txt", ns=(1, before["longer.txt"].modified))
    os.utime(front.mount / "d/later.txt", ns=(1, before["later.txt"].modified + 1000))

    findings = front.check(rf"{UNC}\d")

    assert keys(findings) == ["d/later.txt", "d/longer.txt", "d/new.txt"]
    assert findings.skipped == {Skipped.UNCHANGED: 3, Skipped.MARKER: 1}
    assert sorted(findings.unchanged, key=str) == sorted(
        (before[name] for name in ("marked.txt", "unmarked.txt", "markerless.txt")), key=str
    )
    assert findings.unmarked == [before["unmarked.txt"]]
    assert findings.requested == 7


def test_only_our_own_markers_are_no_sources(front: Front) -> None:
    front.write("d/a.txt")
    front.record(*front.check(rf"{UNC}\d").originals)
    front.write("d/a.txt_archived.txt", b"")
    front.write("d/b.txt_archived.txt", b"")
    front.write("e/a.txt_archived.txt", b"")
    front.write("f/c.txt")
    front.record(*front.check(rf"{UNC}\f").originals)
    front.write("f/c.txt_archived.txt", b"the requester wrote into it")

    findings = front.check(f"{UNC}\\d\n{UNC}\\e\n{UNC}\\f\n{UNC}\\d\\a.txt_archived.txt")

    assert keys(findings) == [
        "d/b.txt_archived.txt", "e/a.txt_archived.txt", "f/c.txt_archived.txt",
    ]  # fmt: skip
    assert findings.skipped == {Skipped.UNCHANGED: 2, Skipped.MARKER: 1, Skipped.TWICE: 1}


def test_the_newest_entry_counts(front: Front) -> None:
    file = front.write("a.txt")
    (old,) = front.check(rf"{UNC}\a.txt").originals
    os.utime(file, ns=(1, old.modified + 5_000))
    (new,) = front.check(rf"{UNC}\a.txt").originals
    front.record(old)
    front.record(new)

    assert front.check(rf"{UNC}\a.txt").unchanged == [new]
    os.utime(file, ns=(1, old.modified))
    assert front.check(rf"{UNC}\a.txt").originals == [old]


def test_a_folder_in_which_nothing_is_said(front: Front) -> None:
    (front.mount / "d/e").mkdir(parents=True)

    findings = front.check(rf"{UNC}\d")

    assert [folder.path for folder in findings.empty] == [rf"{UNC}\d"]
    assert not findings.problems


def test_a_share_that_is_not_mounted_is_said_as_such(front: Front) -> None:
    front.mount.rmdir()

    assert "共有がマウントされているか確認してください" in told(front.check(rf"{UNC}\d"))


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (Request(""), "--request-id: 空です"),
        (Request("x" * 256), "--request-id: 256 文字あります。255 文字以内"),
        (Request("a\nb"), "--request-id: 改行などの制御文字"),
        (Request("R", "\udc83"), "--requester: 改行などの制御文字か、文字として読めないバイト"),
        (Request("R", None, "長" * 300), "--comment: 依頼ID、依頼者、コメントを合わせた長さ"),
    ],
)
def test_what_could_not_be_recorded_with_a_file_is_refused(
    front: Front, request_: Request, words: str
) -> None:
    front.write("a.txt")

    findings = front.check(rf"{UNC}\a.txt", request_)

    assert words in told(findings)


def test_shortening_a_comment_as_told_is_enough(front: Front) -> None:
    front.write("a.txt")
    comment = "長" * 300
    (problem,) = front.check(rf"{UNC}\a.txt", Request("R", None, comment)).problems
    over = int("".join(filter(str.isdigit, problem.remedy)))

    assert not front.check(rf"{UNC}\a.txt", Request("R", None, comment[over:])).problems


def test_more_rows_than_are_looked_at_at_once(front: Front) -> None:
    for number in range(2_500):
        front.write(f"d{number % 7}/{number}.txt")
    rows = "".join(f"{UNC}\\d{n % 7}\\{n}.txt\n" for n in range(2_501))

    findings = front.check(rows)

    assert len(findings.originals) == 2_500
    assert [problem.line for problem in findings.problems] == [2_501]

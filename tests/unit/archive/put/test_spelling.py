r"""Names on file systems to which capitals don't matter, and files that others have open."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from scripts.archive.put.checking.places import Place, explain
from scripts.archive.put.checking.spelling import resolver
from scripts.archive.put.checking.walk import open_problem
from scripts.archive.put.sending.parts import LARGEST
from scripts.archive.shares import PathError, Shares

SHARE = "fsx-server-name/share"
UNC = r"\\fsx-server-name\share"


@pytest.fixture
def caseless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that answers as a mounted Windows share does: in any capitals."""
    real = os.lstat

    def lstat(path: str) -> os.stat_result:
        folder, _, name = str(path).rpartition("/")
        if folder.startswith(str(tmp_path)):
            folder = _as_on_disk(tmp_path, folder)
            alike = [other for other in os.listdir(folder) if other.lower() == name.lower()]  # noqa: PTH208
            return real(f"{folder}/{(alike or [name])[0]}")
        return real(path)

    monkeypatch.setattr("scripts.archive.put.checking.spelling.os.lstat", lstat)
    return tmp_path


def _as_on_disk(root: Path, folder: str) -> str:
    at = root
    for part in Path(folder).relative_to(root).parts:
        at = next(child for child in at.iterdir() if child.name.lower() == part.lower())
    return str(at)


@pytest.mark.parametrize("asked", [r"部\A.TXT", r"部\a.txt", r"部\A.txt"])
def test_a_share_without_capitals_gives_the_spelling_on_disk(caseless: Path, asked: str) -> None:
    (caseless / "部").mkdir()
    (caseless / "部/A.txt").touch()

    found = resolver(Shares({SHARE: caseless}))(rf"{UNC}\{asked}")

    assert isinstance(found, Place)
    assert found.key == f"{SHARE}/部/A.txt"


def test_folders_are_spelled_as_on_disk_too(caseless: Path) -> None:
    (caseless / "Project").mkdir()
    (caseless / "Project/A.txt").touch()
    resolve = resolver(Shares({SHARE: caseless}))

    found = [resolve(rf"{UNC}\{folder}\A.txt") for folder in ("project", "PROJECT", "Project")]

    assert {place.key for place in found if isinstance(place, Place)} == {f"{SHARE}/Project/A.txt"}
    assert len(found) == 3


def test_a_path_deeper_than_any_key_is_refused_and_not_looked_for(tmp_path: Path) -> None:
    found = resolver(Shares({SHARE: tmp_path}))(UNC + r"\a" * 200_000)

    assert isinstance(found, PathError)
    assert "パスが長すぎます" in found.reason


@pytest.mark.parametrize("name", ["長" * 86, "a" * 300])
def test_a_name_that_no_file_can_have_is_missing(tmp_path: Path, name: str) -> None:
    found = resolver(Shares({SHARE: tmp_path}))(rf"{UNC}\{name}")

    assert isinstance(found, PathError)
    assert "がありません" in found.reason


def test_a_file_larger_than_an_object_can_be_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "huge.bin").open("wb") as stream:
        stream.truncate(LARGEST + 1)

    found = resolver(Shares({SHARE: tmp_path}))(rf"{UNC}\huge.bin")

    assert isinstance(found, PathError)
    assert "ファイルが大きすぎます" in found.reason


@pytest.mark.parametrize(
    ("number", "reason", "remedy"),
    [
        (errno.EBUSY, "ほかのプログラムで使用中です", "ファイルを閉じてもらってから"),
        (errno.ETXTBSY, "ほかのプログラムで使用中です", "ファイルを閉じてもらってから"),
        (errno.EACCES, "読み取る権限がありません", "読み取り権限を付けて"),
        (errno.ENOENT, "確認している間になくなりました", "パスを確認"),
        (errno.EIO, "読み取れません（Input/output error）", "ファイルサーバーの状態"),
    ],
)
def test_errors_of_the_share_are_told_with_a_remedy(number: int, reason: str, remedy: str) -> None:
    found = explain(OSError(number, os.strerror(number)))

    assert found.reason == reason
    assert found.remedy.startswith(remedy) or remedy in found.remedy


def test_a_file_that_windows_has_locked_is_in_use() -> None:
    error = PermissionError(errno.EACCES, "sharing violation")
    error.winerror = 32  # type: ignore[attr-defined]

    assert explain(error).reason == "ほかのプログラムで使用中です"


def test_a_file_is_read_and_not_only_opened() -> None:
    unreadable = Place(f"{SHARE}/mem", "/proc/self/mem", os.lstat("/proc/self/mem"))

    assert open_problem(unreadable) is not None

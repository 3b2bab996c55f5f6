"""A Japanese file share for demos and tests: many ordinary files, and every awkward one.

The same seed gives the same files, byte for byte.
"""

from __future__ import annotations

import csv
import os
import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

UNC = r"\\fsx-server-name\share"
PAST = datetime(2024, 3, 29, 9, 30, tzinfo=UTC)
DEPARTMENTS = ("営業部", "経理部", "総務部", "製造部", "開発部")
PROJECTS = ("A社ポータル", "基幹システム更改", "工場ライン①", "㈱みなと商事", "ﾃﾞｰﾀ移行", "ABC計画")
DOCUMENTS = ("見積書", "請求書", "議事録", "設計書", "検収書", "作業報告書", "図面", "写真台帳")
EXTENSIONS = (".xlsx", ".docx", ".pdf", ".txt", ".jpg", ".csv")
AWKWARD = "わけあり"
AWKWARD_NAMES = (
    "空のファイル.txt",
    "「引用符」と,コンマ.csv",
    "波ダッシュ～チルダ~.txt",
    "①㈱Ⅳ髙﨑.txt",
    "ＡＢＣ１２３.txt",
    "ABC123.txt",
    " 先頭と末尾の空白 .txt",
    "末尾の点...",
    "100% + #1 (最終版)&[済].txt",
    "=合計.xlsx",
    "デスクトップ - ショートカット.lnk",
    "依頼者のメモ_archived.txt",
    unicodedata.normalize("NFD", "ガイドブック.pdf"),
    "長" * 82 + "い_2.txt",
)
"""Names that have broken archives: each is an ordinary file to us."""


@dataclass(frozen=True)
class FileShare:
    """A share on disk, and two lists that ask for all of it.

    Args:
        folder: where the share is mounted.
        cp932_list: what Excel saves: header, directories and single files.
        utf8_list: bare paths, a line each.
        files: number of files, awkward ones included.
    """

    folder: Path
    cp932_list: Path
    utf8_list: Path
    files: int


def generate(home: Path, *, files: int = 2000, seed: int = 20231006) -> FileShare:
    """Write the share to `<home>/share` and the lists beside it.

    Args:
        home: a folder; the share in it must not be there yet.
        files: how many, awkward ones included.
        seed: what the contents are made from.
    """
    share = home / "share"
    share.mkdir(parents=True)
    chance = random.Random(seed)  # noqa: S311 - nobody guards anything with it
    ordinary = list(_ordinary(files - len(AWKWARD_NAMES)))
    for path in ordinary:
        _write(share / path, _content(chance))
    for name in AWKWARD_NAMES:
        _write(share / AWKWARD / name, b"" if name.startswith("空") else _content(chance))
    (share / AWKWARD / "営業部へのリンク").symlink_to(share / DEPARTMENTS[0])
    first, *others = DEPARTMENTS
    singles = [path for path in ordinary if path.parts[0] == first]
    return FileShare(
        share,
        _csv_list(home / "アーカイブ依頼_営業部.csv", singles),
        _path_list(home / "アーカイブ依頼_その他.txt", [*others, AWKWARD]),
        files,
    )


def _ordinary(count: int) -> Iterator[Path]:
    """Different paths below the departments, ordered by turn so that each gets its share."""
    for number in range(count):
        department = DEPARTMENTS[number % len(DEPARTMENTS)]
        project = PROJECTS[number // len(DEPARTMENTS) % len(PROJECTS)]
        document = DOCUMENTS[number // 7 % len(DOCUMENTS)]
        year = f"{2019 + number % 5}年度"
        name = f"{document}_{number:05d}{EXTENSIONS[number % len(EXTENSIONS)]}"
        yield Path(department, project, year, name)


def _content(chance: random.Random) -> bytes:
    """Mostly a few kilobytes, now and then some hundred, as office files are."""
    size = chance.choice((300, 2_000, 8_000, 20_000)) if chance.random() < 0.97 else 300_000
    return chance.randbytes(size + chance.randrange(200))


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (PAST.timestamp(), PAST.timestamp()))


def _csv_list(target: Path, singles: list[Path]) -> Path:
    """A list as Excel saves it: one project as a directory, the other files one by one."""
    project = singles[0].parent.parent
    rows = [[_unc(project), "", "プロジェクト完了"]]
    rows += [
        [_unc(path.parent), path.name, ""] for path in singles if not path.is_relative_to(project)
    ]
    with target.open("w", encoding="cp932", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["ディレクトリパス", "ファイル名", "備考"])
        writer.writerows(rows)
    return target


def _path_list(target: Path, directories: list[str]) -> Path:
    target.write_text("".join(f"{_unc(Path(name))}\n" for name in directories), encoding="utf-8")
    return target


def _unc(path: Path) -> str:
    return "\\".join([UNC, *path.parts])

"""The lists of paths that people write: header CSVs from Excel, and bare lists of full paths."""

from __future__ import annotations

import codecs
import csv
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product
from pathlib import Path

from scripts.archive.shares import PathError

DIRECTORY = "ディレクトリパス"
FILE = "ファイル名"
FILE_TO_RESTORE = "復元対象ファイル名"
RESTORE_HEADER = (DIRECTORY, FILE_TO_RESTORE)
_CHUNK = 1 << 16
_LONGEST_LINE = 1 << 20  # characters; whatever has longer ones is no list
_ENCODINGS = ("utf-8-sig", "cp932")
_UNASSIGNED = re.compile("[\x80\uf8f0-\uf8f3]")  # what Python reads 80, A0, FD–FF of CP932 as
_SAVE_AS_CSV = "Excel で「CSV UTF-8（コンマ区切り）」として保存し直してください"
_NOT_A_LIST = {
    b"PK\x03\x04": "Excel ブック（.xlsx）のままで、CSV ではありません",
    b"\xd0\xcf\x11\xe0": "Excel ブック（.xls）のままで、CSV ではありません",
    b"\xff\xfe": "文字コードが UTF-16 です",
    b"\xfe\xff": "文字コードが UTF-16 です",
}


class ListError(ValueError):
    """A list can't be read as one; the message says which file and line, why, and what to do."""

    def __init__(self, path: Path, line: int | None, reason: str, remedy: str) -> None:
        at = f"{path} の {line} 行目" if line else f"{path}"
        super().__init__(f"{at}: {reason}。{remedy}")
        self.path = path
        self.line = line
        self.reason = reason
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list, its cells as they were written.

    Args:
        line: the row's first line in the file, from 1.
        directory: the directory, or any full path where there is no name.
        name: the file's name; None where its cell is blank or the list has no such column.
        surplus: cells beyond the last column of the header.
    """

    line: int
    directory: str
    name: str | None = None
    surplus: tuple[str, ...] = ()


def read(
    path: Path,
    file_header: str,
    *,
    require_header: bool = False,
    ignored: Callable[[Sequence[str]], None] = lambda _: None,
) -> Iterator[Row]:
    """Read a list row by row; blank lines are left out.

    Args:
        path: UTF-8 with or without BOM, or CP932. Either a CSV whose header has ディレクトリパス
            and `file_header`, in any order, or bare full paths, one a line.
        file_header: what the column with names of files is called.
        require_header: whether a bare list is refused.
        ignored: is told once which further columns there are.

    Raises:
        ListError: it can't be opened or decoded, has no rows, a wrong header or broken quotes.
    """
    try:
        with path.open(encoding=_encoding(path), newline="") as stream:
            lines = _Lines(path, stream.readline)
            yield from _rows(path, lines, file_header, require_header, ignored)
    except OSError as error:
        reason = f"リストを開けません（{error.strerror}）"
        raise ListError(path, None, reason, "ファイル名と権限を確認してください") from error


def written(row: Row) -> list[str]:
    r"""The full paths a row may mean: as it stands first, then without what Excel or people added.

    Left out in turn are white space and quotation marks around a cell, and the `'` before a cell
    that a spreadsheet would take for a formula; `¥` where `\` is meant is read as such.

    Raises:
        PathError: the row has more cells than the header: a comma in a name was not quoted.
    """
    if row.surplus:
        raise PathError(
            "見出しより列が多い行です",
            'カンマを含む名前は "…" で囲んでください（Excel で保存すれば自動で囲まれます）',
        )
    directories = dict.fromkeys((row.directory, _cleaned_path(row.directory)))
    if row.name is None:
        return list(directories)
    names = dict.fromkeys((row.name, _cleaned(row.name)))
    return [_joined(directory, name) for directory, name in product(directories, names)]


def _joined(directory: str, name: str) -> str:
    if not directory:
        return name
    return directory.rstrip("\\/") + "\\" + name


def _cleaned_path(text: str) -> str:
    text = _cleaned(text)
    return re.sub("[¥￥＼]", r"\\", text) if re.match("[¥￥＼]{2}", text) else text


def _cleaned(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1].strip()
    return text[1:] if re.match(r"''*[=+\-@\t\r]", text) else text


class _Lines:
    """Lines with their number, none so long that memory would not be bounded."""

    def __init__(self, path: Path, readline: Callable[[int], str]) -> None:
        self.number = 0
        self._path = path
        self._readline = readline

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._readline(_LONGEST_LINE)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) == _LONGEST_LINE:
            raise ListError(self._path, self.number, "行が長すぎます", _SAVE_AS_CSV)
        if "\0" in line:
            reason = "文字ではないデータ（NUL）が含まれています"
            raise ListError(self._path, self.number, reason, _SAVE_AS_CSV)
        return line


def _rows(
    path: Path,
    lines: _Lines,
    file_header: str,
    require_header: bool,
    ignored: Callable[[Sequence[str]], None],
) -> Iterator[Row]:
    first = next((line for line in lines if line.strip()), None)
    if first is None:
        raise ListError(path, None, "リストが空です", "パスを 1 行以上書いてください")
    if not _is_full_path(_cleaned_path(first)):
        yield from _csv_rows(path, lines, first, file_header, ignored)
        return
    if require_header:
        raise ListError(path, lines.number, "見出し行がありません", _expected(file_header))
    yield from _bare_rows(first, lines)


def _is_full_path(text: str) -> bool:
    return bool(re.match(r"[\\/]|[A-Za-z]:[\\/]", text))


def _bare_rows(first: str, lines: _Lines) -> Iterator[Row]:
    for line in chain([first], lines):
        if line.strip():
            yield Row(lines.number, line.rstrip("\r\n"))


def _csv_rows(
    path: Path,
    lines: _Lines,
    first: str,
    file_header: str,
    ignored: Callable[[Sequence[str]], None],
) -> Iterator[Row]:
    records = _records(path, lines, first)
    line, header = next(records)
    names = [unicodedata.normalize("NFKC", cell).strip() for cell in header]
    if names.count(DIRECTORY) != 1 or names.count(file_header) != 1:
        found = "、".join(cell for cell in names if cell)
        raise ListError(path, line, f"見出しが違います（{found:.200}）", _expected(file_header))
    directory, name = names.index(DIRECTORY), names.index(file_header)
    if others := [cell for cell in names if cell not in ("", DIRECTORY, file_header)]:
        ignored(others)
    row = None
    for line, cells in records:
        if any(cell.strip() for cell in cells):
            row = _row(line, cells, directory, name, len(names))
            yield row
    if row is None:
        reason = "見出しだけで、行がありません"
        raise ListError(path, None, reason, "見出しの下にパスを 1 行以上書いてください")


def _row(line: int, cells: list[str], directory: int, name: int, columns: int) -> Row:
    padded = cells + [""] * (columns - len(cells))
    surplus = tuple(cell for cell in cells[columns:] if cell.strip())
    return Row(line, padded[directory], padded[name] if padded[name].strip() else None, surplus)


def _records(path: Path, lines: _Lines, first: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(chain([first], lines), strict=True)
    start = lines.number
    try:
        for cells in reader:
            yield start, cells
            start = lines.number + 1
    except csv.Error as error:
        reason = '引用符 " の対応が崩れているか、セルが長すぎます'
        raise ListError(path, start, reason, "この行から始まるセルを確認してください") from error


def _expected(file_header: str) -> str:
    return f"1 行目を「{DIRECTORY},{file_header}」にしてください"


def _encoding(path: Path) -> str:
    with path.open("rb") as stream:
        head = stream.read(4)
    for magic, reason in _NOT_A_LIST.items():
        if head.startswith(magic):
            raise ListError(path, None, reason, _SAVE_AS_CSV)
    wrong = []
    for encoding in _ENCODINGS[:1] if head.startswith(codecs.BOM_UTF8) else _ENCODINGS:
        offset = _undecodable(path, encoding)
        if offset is None:
            return encoding
        wrong.append(offset)
    offset = max(wrong)  # whichever got further is what the file was meant to be
    raise ListError(
        path,
        _line_at(path, offset),
        f"文字コードが UTF-8 でも CP932（Shift_JIS）でもありません（先頭から {offset} バイト目）",
        _SAVE_AS_CSV,
    )


def _undecodable(path: Path, encoding: str) -> int | None:
    """Bytes before the first that doesn't belong to an encoding; None if all do."""
    decoder = codecs.getincrementaldecoder(encoding)()
    done = 0
    with path.open("rb") as stream:
        for chunk in chain(iter(lambda: stream.read(_CHUNK), b""), [b""]):
            waiting = len(decoder.getstate()[0])
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return done + len(chunk) - len(error.object) + error.start
            if encoding == "cp932" and (found := _UNASSIGNED.search(text)):
                return done - waiting + len(text[: found.start()].encode(encoding))
            done += len(chunk)
    return None


def _line_at(path: Path, offset: int) -> int:
    with path.open(encoding="latin-1", newline="") as stream:
        line = 1
        while offset >= 0 and (text := stream.readline(_LONGEST_LINE)):
            offset -= len(text)
            line += offset >= 0 and text.endswith(("\r", "\n"))
    return line

r"""Lists as Excel, editors and our own commands write them."""

from __future__ import annotations

import csv
import io
import tracemalloc
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.archive import lists
from scripts.archive.lists import ListError, Row
from scripts.archive.shares import PathError
from scripts.archive.spreadsheet import guard

HEADER = "ディレクトリパス,ファイル名"

_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
_cp932 = st.text(st.sampled_from("①㈱髙﨑～ー―∥ｱｶﾞ表ソ能 ,\"'\r\n\\/=+-@ａＡa.　"), max_size=40)


def _read(
    content: bytes, file_header: str = "ファイル名", *, require_header: bool = False
) -> list[Row]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        path.write_bytes(content)
        return list(lists.read(path, file_header, require_header=require_header))


def _csv(rows: list[tuple[str, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


@given(
    st.lists(st.tuples(_texts.filter(str.strip), _texts), min_size=1),
    st.sampled_from(["utf-8", "utf-8-sig"]),
    st.permutations(["ディレクトリパス", "ファイル名", "備考"]),
)
def test_any_text_in_any_cell_comes_back_as_it_was(
    rows: list[tuple[str, str]], encoding: str, header: list[str]
) -> None:
    cells = [{"ディレクトリパス": d, "ファイル名": n, "備考": "①"} for d, n in rows]
    text = _csv([tuple(header), *(tuple(row[name] for name in header) for row in cells)])

    found = _read(text.encode(encoding))

    assert [(row.directory, row.name) for row in found] == [
        (directory, name if name.strip() else None) for directory, name in rows
    ]


@given(st.lists(st.tuples(_cp932.filter(str.strip), _cp932), min_size=1))
def test_what_japanese_excel_saves_comes_back_as_it_was(rows: list[tuple[str, str]]) -> None:
    text = _csv([("ディレクトリパス", "ファイル名"), *rows])

    found = _read(text.encode("cp932"))

    assert [(row.directory, row.name) for row in found] == [
        (directory, name if name.strip() else None) for directory, name in rows
    ]


@given(st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1), min_size=1))
def test_every_line_of_a_bare_list_is_one_path_commas_and_quotes_included(
    names: list[str],
) -> None:
    paths = [rf"\\fsx\share\{name}" for name in names]

    found = _read("".join(f"{path}\n" for path in paths).encode())

    assert found == [Row(line, path) for line, path in enumerate(paths, 1)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_an_editor_shows_them(end: str) -> None:
    text = end.join([HEADER, "", r'\\fsx\share,"a', 'b.txt"', ",", r"\\fsx\share,c.txt"])

    found = _read(text.encode())

    assert found == [
        Row(3, r"\\fsx\share", f"a{end}b.txt"),
        Row(6, r"\\fsx\share", "c.txt"),
    ]


def test_further_columns_are_left_out_and_said_once(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("備考,ディレクトリパス,申請者,ファイル名\nx,\\\\f\\s,y,a\nx,\\\\f\\s,y,b\n")
    said: list[list[str]] = []

    rows = list(lists.read(path, "ファイル名", ignored=lambda names: said.append([*names])))

    assert [row.name for row in rows] == ["a", "b"]
    assert said == [["備考", "申請者"]]


def test_a_header_is_known_by_what_it_says_not_by_how_wide_it_is_typed() -> None:
    found = _read("ﾃﾞｨﾚｸﾄﾘﾊﾟｽ , ﾌｧｲﾙ名\n\\\\f\\s,a\n".encode("cp932"))

    assert found == [Row(2, r"\\f\s", "a")]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "リストが空です。パスを 1 行以上"),
        (b"\xef\xbb\xbf\r\n \r\n", "リストが空です。パスを 1 行以上"),
        (HEADER.encode(), "見出しだけで、行がありません。見出しの下に"),
        (f"{HEADER}\n,\n".encode(), "見出しだけで"),
        (
            "ディレクトリパス,復元対象ファイル名\n\\\\f\\s,a".encode(),
            "の 1 行目: 見出しが違います（ディレクトリパス、復元対象ファイル名）。"
            "1 行目を「ディレクトリパス,ファイル名」にしてください",
        ),
        ("\nパス\n\\\\f\\s".encode("cp932"), "の 2 行目: 見出しが違います（パス）"),
        (f"{HEADER},ファイル名\n\\\\f\\s,a,b".encode(), "見出しが違います"),
        (
            b"\\\\f\\s\\ok\r\n\\\\f\\s\\\xe3\x81\xff.txt\r\n",
            "の 2 行目: 文字コードが UTF-8 でも CP932（Shift_JIS）でもありません"
            "（先頭から 18 バイト目）。Excel で「CSV UTF-8",
        ),
        (b"\xef\xbb\xbf\\\\f\\s\\\x83\x5c", "の 1 行目: 文字コード"),
        ("リスト".encode("utf-16"), "UTF-16 です。Excel で"),
        (b"PK\x03\x04xxxx", "Excel ブック（.xlsx）のまま"),
        (b"\xd0\xcf\x11\xe0xxxx", "Excel ブック（.xls）のまま"),
        (b"\\\\f\\s\\a\n\0\0", "の 2 行目: 文字ではないデータ"),
        (b"/" * (1 << 20), "の 1 行目: 行が長すぎます"),
        (f'{HEADER}\n\\\\f\\s,a\n\\\\f\\s,"b\n\\\\f\\s,c'.encode(), "の 3 行目: 引用符"),
        (f'{HEADER}\n\\\\f\\s,"a"b\n'.encode(), "の 2 行目: 引用符"),
    ],
)
def test_what_is_no_list_is_refused_with_line_reason_and_remedy(content: bytes, told: str) -> None:
    with pytest.raises(ListError) as refused:
        _read(content)

    assert told in str(refused.value)
    assert "list.csv" in str(refused.value)


def test_a_list_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ListError, match=r"none\.csv: リストを開けません.*ファイル名と権限を確認"):
        list(lists.read(tmp_path / "none.csv", "ファイル名"))


def test_a_bare_list_is_refused_where_a_header_is_required() -> None:
    with pytest.raises(ListError, match="見出し行がありません"):
        _read(rb"\\fsx\share\a", require_header=True)


@pytest.mark.parametrize("bad", [b"\x81\xff", b"\x81", b"\xa0"])
@pytest.mark.parametrize("before", [0, 1, 65534, 65535, 65536, 200_000])
def test_the_byte_that_no_encoding_knows_is_found_wherever_it_is(before: int, bad: bytes) -> None:
    good = "ｱ".encode("cp932") * before

    with pytest.raises(ListError, match=f"（先頭から {before} バイト目）"):
        _read(good + bad)


@pytest.mark.parametrize(
    ("row", "paths"),
    [
        (Row(1, r"\\f\s\d"), [r"\\f\s\d"]),
        (Row(1, r"\\f\s\d", "a.txt"), [r"\\f\s\d\a.txt"]),
        (Row(1, "\\\\f\\s\\d\\", "a.txt"), [r"\\f\s\d\a.txt"]),
        (Row(1, "//f/s/", "a.txt"), [r"//f/s\a.txt"]),
        (Row(1, "\\\\f\\s\\d ", None), ["\\\\f\\s\\d ", r"\\f\s\d"]),
        (Row(1, r"\\f\s", "\u3000a"), ["\\\\f\\s\\\u3000a", r"\\f\s\a"]),
        (Row(1, r'"\\f\s\d"'), [r'"\\f\s\d"', r"\\f\s\d"]),
        (Row(1, "¥¥f¥s¥d"), ["¥¥f¥s¥d", r"\\f\s\d"]),
        (Row(1, r"\\f\s\¥10"), [r"\\f\s\¥10"]),
        (Row(1, r"\\f\s", "'=1+1.txt"), [r"\\f\s\'=1+1.txt", r"\\f\s\=1+1.txt"]),
        (Row(1, r"\\f\s", "'a.txt"), [r"\\f\s\'a.txt"]),
        (Row(1, "", "a.txt"), ["a.txt"]),
    ],
)
def test_a_cell_is_taken_as_it_is_first_and_then_without_what_was_added(
    row: Row, paths: list[str]
) -> None:
    assert lists.written(row) == paths


@given(_texts.map(str.strip).filter(bool))
def test_what_a_download_guards_against_spreadsheets_is_understood(name: str) -> None:
    assert rf"\\f\s\{name}" in lists.written(Row(1, r"\\f\s", guard(name)))


def test_a_comma_that_was_not_quoted_is_no_shorter_name() -> None:
    (row,) = _read(f"{HEADER}\n\\\\f\\s,a,b.txt\n".encode())

    with pytest.raises(PathError, match="カンマを含む名前は"):
        lists.written(row)


def test_empty_cells_after_the_last_column_mean_nothing() -> None:
    assert _read(f"{HEADER}\n\\\\f\\s,a,,\n".encode()) == [Row(2, r"\\f\s", "a")]


def test_a_list_of_any_length_is_read_with_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    line = f"\\\\fsx\\share\\{'長' * 50},名前.txt\r\n"
    path.write_bytes((HEADER + "\r\n" + line * 20_000).encode("cp932"))
    tracemalloc.start()

    rows = sum(1 for _ in lists.read(path, "ファイル名"))

    assert rows == 20_000
    assert tracemalloc.get_traced_memory()[1] < 2 << 20
    tracemalloc.stop()

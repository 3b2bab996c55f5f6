"""What a visitor sees: what to look for, what there is, and files to take along."""

from __future__ import annotations

import io
import os
import sys
import traceback
from datetime import date
from math import ceil

import psycopg2
import streamlit as st
from psycopg2.errors import QueryCanceled

from batchworks.errors import JobError
from batchworks.logs import mask
from scripts.archive import clock, lists, settings, spreadsheet
from scripts.archive.find import view
from scripts.archive.find.lookup import Row
from scripts.archive.find.periods import PERIODS, Days
from scripts.archive.find.query import COLUMNS, Search, Totals, part
from scripts.archive.page import login
from scripts.archive.page.reader import Reader

TITLE = "アーカイブリスト管理画面"
PAGE_ROWS = 50
ANY_DAY = "すべての期間"
OWN_DAYS = "日付を指定"
SHOWN = (
    "アーカイブ日時", "ディレクトリパス", "アーカイブファイル名", "サイズ", "依頼ID", "依頼者",
    "コメント", "S3バケット名", "S3キー",
)  # fmt: skip
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show() -> None:
    """Show the page; whatever goes wrong is one sentence here and in full on the server."""
    st.set_page_config(page_title=TITLE, page_icon=":material/inventory_2:", layout="wide")
    st.header(TITLE, anchor=False)
    try:
        login.require()
        _search_and_show()
    except QueryCanceled:
        st.error("検索に時間がかかりすぎたため中止しました。期間やパスを加えて絞り込んでください。")
    except psycopg2.Error:
        _failed("アーカイブリストを読めません。しばらくしてから再読み込みしてください。")
    except JobError:
        _failed("この画面の設定に誤りがあります。運用担当者に連絡してください。")
    except Exception:  # noqa: BLE001 - a visitor is told nothing of how the page works
        _failed("表示できません。再読み込みしても続く場合は、運用担当者に連絡してください。")


def _failed(message: str) -> None:
    sys.stderr.write(mask(traceback.format_exc()))
    st.error(message)


def _search_and_show() -> None:
    """Show the first page at once: counting all that is found may take longer than finding it."""
    reader = _reader()
    search = _asked()
    above = st.container(horizontal=True, vertical_alignment="center", gap="medium")
    number = st.session_state.get(_page_key(search), 1)
    found = _totals(reader, search) if number > 1 else None
    rows = reader.page(search, found, PAGE_ROWS, number)
    if not rows:
        st.info("該当するファイルはありません。条件を変えて検索してください。")
        return
    selected = _table(search, number, rows)
    found = found or _totals(reader, search)
    _choose_page(search, found)
    with above:
        st.caption(view.totals(found), width="content")
        _downloads(reader, search, selected)


@st.cache_resource
def _reader() -> Reader:
    return Reader(settings.load_database(os.environ))


@st.cache_data(ttl=60, max_entries=500, show_spinner="検索しています…")
def _totals(_reader: Reader, search: Search) -> Totals:
    return _reader.totals(search)


def _asked() -> Search:
    wide, narrow, days = st.columns([5, 2, 2], vertical_alignment="bottom")
    path = wide.text_input("ディレクトリパス", placeholder="パスやファイル名の一部を入力して Enter")
    request_id = narrow.text_input("依頼ID", placeholder="完全一致")
    period = days.selectbox("アーカイブ日", [ANY_DAY, *PERIODS, OWN_DAYS])
    first, last = _days(period, clock.today())
    with st.expander("ファイル名・依頼者で絞り込む"):
        left, right = st.columns(2)
        name = left.text_input("ファイル名", placeholder="一部でも可")
        requester = right.text_input("依頼者", placeholder="一部でも可")
    return Search(part(path), part(name), part(request_id), part(requester), first, last)


def _days(period: str, today: date) -> Days:
    if period in PERIODS:
        return PERIODS[period](today)
    if period != OWN_DAYS:
        return None, None
    left, right, _ = st.columns([2, 2, 5])
    first = left.date_input("この日から", value=None, format="YYYY/MM/DD")
    last = right.date_input("この日まで", value=None, format="YYYY/MM/DD")
    return first, last


def _page_key(search: Search) -> str:
    return f"page {search!r}"


def _choose_page(search: Search, found: Totals) -> None:
    pages = ceil(found.count / PAGE_ROWS)
    if pages > 1:
        left, _ = st.columns([2, 7])
        left.number_input(f"ページ (全 {pages:,} ページ)", 1, pages, key=_page_key(search))


def _table(search: Search, number: int, rows: list[Row]) -> list[Row]:
    """Show rows; gives back those that are selected."""
    state = st.dataframe(
        [_shown(row) for row in rows],
        hide_index=True,
        height=min(36 * len(rows) + 38, 600),
        on_select="rerun",
        selection_mode="multi-row",
        key=f"rows {number} {search!r}",
        column_config={
            "サイズ": st.column_config.NumberColumn(format="bytes"),
            "ディレクトリパス": st.column_config.TextColumn(width="large"),
            "アーカイブファイル名": st.column_config.TextColumn(width="medium"),
            "S3キー": st.column_config.TextColumn(width="large"),
        },
    )
    return [rows[place] for place in state["selection"]["rows"] if place < len(rows)]


def _shown(row: Row) -> dict[str, object]:
    values = dict(zip(COLUMNS, row, strict=True))
    values["アーカイブ日時"] = clock.minute(values["アーカイブ日時"])
    return {name: "" if values[name] is None else values[name] for name in SHOWN}


def _downloads(reader: Reader, search: Search, selected: list[Row]) -> None:
    """Files are made when they are asked for."""
    st.download_button(
        "CSV（全件）", lambda: reader.csv(search), "archive_list.csv", "text/csv",
        on_click="ignore", icon=":material/download:",
    )  # fmt: skip
    st.download_button(
        "Excel（全件）", lambda: reader.xlsx(search), "archive_list.xlsx", _XLSX,
        on_click="ignore", icon=":material/download:",
    )  # fmt: skip
    st.download_button(
        f"復元リスト（選択した {len(selected)} 件）", _restore_list(selected),
        "restore_list.csv", "text/csv",
        on_click="ignore", disabled=not selected, icon=":material/checklist:",
    )  # fmt: skip


def _restore_list(selected: list[Row]) -> bytes:
    directory = COLUMNS.index("ディレクトリパス")
    name = COLUMNS.index("アーカイブファイル名")
    text = io.StringIO(newline="")
    files = dict.fromkeys((row[directory], row[name]) for row in selected)
    spreadsheet.put_csv(text, lists.RESTORE_HEADER, files)
    return text.getvalue().encode("utf-8-sig")

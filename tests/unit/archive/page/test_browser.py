"""A real browser searches, pages, and takes files along that open as they should."""

from __future__ import annotations

import csv
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
import requests
from selenium.common.exceptions import (
    ElementClickInterceptedException,
    StaleElementReferenceException,
    TimeoutException,
)
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from scripts.archive import lists
from scripts.local_estate import browser
from tests.conftest import Database
from tests.unit.archive.entries import entry, environ, listed

pytestmark = pytest.mark.skipif(browser.missing() is not None, reason=str(browser.missing()))

ROOT = Path(__file__).parents[4]
LIMIT = 60  # seconds
CLICKS = 3
FORMULA = '=HYPERLINK("http://example.com")'
FIRST_ROW = 36 + 18  # pixels from the table's top to the middle of its first row


@pytest.fixture
def address(database: Database, tmp_path: Path) -> Iterator[str]:
    """The page on 70 archived files, one of which is called like a formula."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    rows = [
        entry(f"fsx-server-name/share/営業部/資料{n:02}.xlsx", at=start + timedelta(days=n))
        for n in range(69)
    ]
    rows.append(
        entry(
            "fsx-server-name/share/総務部/=1+1.xlsx",
            at=start + timedelta(days=90),
            comment=FORMULA,
        )
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = [sys.executable, "-m", "scripts.archive", "page", "--port", str(port)]
    variables = {
        **os.environ,
        **environ(database),
        "ARCHIVE_SETTINGS": "",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'layers/batchworks'}",
        "HOME": str(tmp_path),
    }
    with (
        listed(database, *rows),
        (tmp_path / "page.log").open("w") as log,
        subprocess.Popen(
            [*program, "--address", "127.0.0.1"],
            cwd=tmp_path, env=variables, stdout=log, stderr=log,
        ) as process,
    ):  # fmt: skip
        try:
            _until(lambda: _healthy(port))
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def test_a_visitor_searches_pages_and_takes_files_along(address: str, tmp_path: Path) -> None:
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    with browser.started(downloads) as chrome:
        chrome.get(address)
        browser.wait_until_drawn(chrome)
        assert "件数: 70 件" in _text(chrome)
        assert "全 2 ページ" in _text(chrome)

        rows = _csv(_downloaded(chrome, "CSV（全件）", downloads / "archive_list.csv"))
        assert len(rows) == 70  # all of them, not the 50 on the screen
        assert rows[0]["アーカイブファイル名"] == "'=1+1.xlsx"
        assert rows[0]["コメント"] == "'" + FORMULA
        book = _downloaded(chrome, "Excel（全件）", downloads / "archive_list.xlsx")
        sheet = openpyxl.load_workbook(book).worksheets[0]
        assert sheet.max_row == 71
        assert {cell.data_type for cell in sheet[2] if cell.value in ("=1+1.xlsx", FORMULA)} == {
            "s"
        }

        _turn_page(chrome, "2")
        assert _select_first_row(chrome, downloads) == [
            lists.Row(2, r"\\fsx-server-name\share\営業部", "資料19.xlsx")
        ]

        _search(chrome, "総務")
        assert "件数: 1 件" in _text(chrome)
        row = _select_first_row(chrome, downloads)[0]
        assert lists.written(row)[-1] == r"\\fsx-server-name\share\総務部\=1+1.xlsx"


def test_a_picture_of_the_page_is_saved(address: str, tmp_path: Path) -> None:
    browser.picture(address, tmp_path / "page.png")

    assert (tmp_path / "page.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "page.png").stat().st_size > 20_000


def _healthy(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/_stcore/health", timeout=2).ok
    except requests.RequestException:
        return False


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + LIMIT
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def _text(chrome: Chrome) -> str:
    return chrome.find_element(By.TAG_NAME, "body").text


def _press(chrome: Chrome, label: str) -> None:
    def pressed(_: Chrome) -> bool:
        button = chrome.find_element(By.XPATH, f"//button[contains(., '{label}')]")
        if button.is_enabled():
            button.click()
            return True
        return False

    redrawn = (StaleElementReferenceException, ElementClickInterceptedException)
    WebDriverWait(chrome, LIMIT, ignored_exceptions=redrawn).until(pressed)


def _search(chrome: Chrome, text: str) -> None:
    chrome.find_element(By.CSS_SELECTOR, "input[aria-label='ディレクトリパス']").send_keys(
        text, Keys.ENTER
    )
    WebDriverWait(chrome, LIMIT).until(lambda _: "件数: 70 件" not in _text(chrome))
    browser.wait_until_drawn(chrome)


def _turn_page(chrome: Chrome, number: str) -> None:
    field = chrome.find_element(By.CSS_SELECTOR, "[data-testid='stNumberInput'] input")
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys(number, Keys.ENTER)
    browser.wait_until_drawn(chrome)


def _select_first_row(chrome: Chrome, downloads: Path) -> list[lists.Row]:
    """Tick the first row's box, download the restore list, and read it as `restore` does."""
    table = chrome.find_element(By.CSS_SELECTOR, "[data-testid='stDataFrame'] canvas")
    chrome.execute_script("arguments[0].scrollIntoView({block: 'center'})", table)
    left, top = -table.size["width"] // 2 + 16, -table.size["height"] // 2 + FIRST_ROW
    ActionChains(chrome).move_to_element_with_offset(table, left, top).click().perform()
    path = _downloaded(chrome, "復元リスト（選択した 1 件）", downloads / "restore_list.csv")
    rows = list(lists.read(path, "復元対象ファイル名", require_header=True))
    path.unlink()
    return rows


def _downloaded(chrome: Chrome, label: str, path: Path) -> Path:
    """What a button lets a visitor take along; a click while the page is drawn anew is lost."""
    for _ in range(CLICKS):
        _press(chrome, label)
        with suppress(TimeoutException):
            WebDriverWait(chrome, LIMIT / CLICKS).until(lambda _: path.exists())
            return path
    raise AssertionError(f"{path.name} did not come after {CLICKS} clicks")


def _csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))

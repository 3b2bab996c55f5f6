"""A real browser without a window: for tests of the lookup page, and for pictures of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

PROGRAMS = (("chromium", "chromium-browser", "google-chrome"), ("chromedriver",))
_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--lang=ja",
    "--hide-scrollbars",
)
_READY = '[data-testid="stApp"][data-test-script-state="notRunning"] h2'
_UNFINISHED = '[data-testid="stSkeleton"], [data-stale="true"]'
_DRAWN_SECONDS = 60
_SETTLE = """
const done = arguments[0];
setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => done(true))), 1500);
"""


def missing() -> str | None:
    """What has to be installed before there is a browser; None where there is one."""
    for names in PROGRAMS:
        if not any(map(shutil.which, names)):
            return f"no {names[0]} here: install the packages chromium and chromium-driver"
    return None


@contextmanager
def started(downloads: Path, *, width: int = 1440, height: int = 1060) -> Iterator[Chrome]:
    """A browser with a profile of its own, which is gone afterwards.

    Args:
        downloads: folder that files are saved into without being asked.
        width: of the window, in pixels.
        height: of the window, in pixels.
    """
    browser, driver = (next(filter(None, map(shutil.which, names))) for names in PROGRAMS)
    with TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True) as profile:
        options = ChromeOptions()
        options.binary_location = browser
        for option in (*_OPTIONS, f"--user-data-dir={profile}", f"--window-size={width},{height}"):
            options.add_argument(option)
        options.add_experimental_option(
            "prefs",
            {"download.default_directory": str(downloads), "download.prompt_for_download": False},
        )
        chrome = Chrome(options=options, service=Service(driver))
        try:
            yield chrome
        finally:
            chrome.quit()


def wait_until_drawn(chrome: Chrome) -> None:
    """Wait until a page of Streamlit stands still."""
    WebDriverWait(chrome, _DRAWN_SECONDS).until(_stands_still)
    chrome.execute_async_script(_SETTLE)


def picture(url: str, path: Path) -> None:
    """Save what a page looks like as a PNG file, once it stands still."""
    with started(path.parent) as chrome:
        chrome.get(url)
        wait_until_drawn(chrome)
        chrome.save_screenshot(str(path))


def _stands_still(chrome: Chrome) -> bool:
    return bool(chrome.find_elements(By.CSS_SELECTOR, _READY)) and not chrome.find_elements(
        By.CSS_SELECTOR, _UNFINISHED
    )

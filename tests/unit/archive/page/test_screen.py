"""The page finds, pages and answers in Japanese, through Streamlit's own test frame."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg2
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from scripts.archive import page, settings
from scripts.archive.find.query import Search
from scripts.archive.page import command, screen
from scripts.archive.page.reader import Reader
from scripts.local_estate import postgres
from tests.conftest import Database
from tests.unit.archive.entries import entry, environ, listed

APP = Path(str(page.__file__)).with_name("app.py")
PASSWORD = "pa ss/of the screen"


@pytest.fixture
def app(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The page on 120 archived files of two departments."""
    for name, value in {**environ(database), "ARCHIVE_SETTINGS": ""}.items():
        monkeypatch.setenv(name, value)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    rows = [
        entry(
            f"fsx-server-name/share/{'営業部' if n % 2 else '総務部'}/資料{n:03}.xlsx",
            at=start + timedelta(days=n),
            request_id=f"REQ-{n // 60}",
        )
        for n in range(120)
    ]
    _forget()
    with listed(database, *rows):
        yield AppTest.from_file(str(APP), default_timeout=60)
    _forget()


def _forget() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()


def _names(app: AppTest) -> list[str]:
    return list(app.dataframe[0].value["アーカイブファイル名"])


def test_the_page_opens_with_the_newest_files_and_where_they_are(app: AppTest) -> None:
    app.run()

    assert not app.exception
    assert app.header[0].value == "アーカイブリスト管理画面"
    assert app.caption[0].value == "件数: 120 件　合計サイズ: 1.2 KB"
    assert _names(app) == [f"資料{n:03}.xlsx" for n in range(119, 69, -1)]
    assert list(app.dataframe[0].value.columns) == list(screen.SHOWN)
    assert {"S3バケット名", "S3キー"} < set(screen.SHOWN)
    assert set(app.dataframe[0].value["コメント"]) == {""}


def test_part_of_a_path_narrows_the_list_and_begins_at_page_1(app: AppTest) -> None:
    app.run()
    app.number_input[0].set_value(3).run()
    assert len(_names(app)) == 20

    app.text_input[0].set_value("営業部").run()

    assert app.caption[0].value.startswith("件数: 60 件")
    assert _names(app)[0] == "資料119.xlsx"


def test_pages_show_every_row_once(app: AppTest) -> None:
    app.run()
    seen = list(_names(app))
    for number in (2, 3):
        app.number_input[0].set_value(number).run()
        seen += _names(app)

    assert seen == [f"資料{n:03}.xlsx" for n in range(119, -1, -1)]


def test_request_id_and_days_narrow_the_list(app: AppTest) -> None:
    app.run()
    app.text_input[1].set_value("REQ-0").run()
    assert app.caption[0].value.startswith("件数: 60 件")

    app.selectbox[0].set_value("日付を指定").run()
    app.date_input[0].set_value(date(2026, 1, 10)).run()
    app.date_input[1].set_value(date(2026, 1, 12)).run()
    assert app.caption[0].value.startswith("件数: 3 件")


def test_name_and_requester_are_tucked_away(app: AppTest) -> None:
    app.run()
    inside = app.expander[0].text_input
    assert [field.label for field in inside] == ["ファイル名", "依頼者"]

    inside[0].set_value("資料00").run()
    assert app.caption[0].value.startswith("件数: 10 件")


def test_nothing_found_is_said(app: AppTest) -> None:
    app.run()
    app.text_input[0].set_value("%_'\";--").run()

    assert "該当するファイルはありません" in app.info[0].value
    assert not app.dataframe


def test_a_server_that_is_down_is_one_sentence(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DB_PORT", "1")
    _forget()

    app.run()

    assert [box.value for box in app.error] == [
        "アーカイブリストを読めません。しばらくしてから再読み込みしてください。"
    ]
    assert not app.exception
    assert "Traceback" in capsys.readouterr().err


def test_wrong_settings_are_one_sentence(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_PORT", "many")
    _forget()

    app.run()

    assert "設定に誤りがあります" in app.error[0].value


def test_a_restart_of_the_server_is_survived(tmp_path: Path) -> None:
    server = postgres.start(tmp_path / "data", password=PASSWORD)
    database = Database(server, "postgres")
    reader = Reader(settings.load_database({**environ(database), "ARCHIVE_SETTINGS": ""}))
    with listed(database, entry("s/d/a")):
        assert reader.totals(Search()).count == 1

    postgres.stop(server.data, at_once=True)
    with pytest.raises(psycopg2.OperationalError):
        reader.totals(Search())
    postgres.start(server.data, port=server.port, password=PASSWORD)
    try:
        assert reader.totals(Search()).count == 1
    finally:
        postgres.stop(server.data, at_once=True)


def test_the_page_can_only_read(database: Database) -> None:
    reader = Reader(settings.load_database(environ(database)))
    with (
        listed(database, entry("s/d/a")),
        reader._session(1) as connection,
        connection.cursor() as cursor,
        pytest.raises(psycopg2.errors.ReadOnlySqlTransaction),
    ):
        cursor.execute("DELETE FROM archive_list")


def test_a_question_that_takes_too_long_is_ended(database: Database) -> None:
    reader = Reader(settings.load_database(environ(database)))
    with (
        reader._session(1) as connection,
        connection.cursor() as cursor,
        pytest.raises(psycopg2.errors.QueryCanceled),
    ):
        cursor.execute("SELECT pg_sleep(30)")


def test_with_oidc_configured_nothing_is_shown_before_the_login(app: AppTest) -> None:
    app.secrets["auth"] = {
        "redirect_uri": "http://localhost/oauth2callback",
        "cookie_secret": "x" * 32,
        "client_id": "page",
        "client_secret": "s",
        "server_metadata_url": "http://localhost/none",
    }
    app.run()

    assert [button.label for button in app.button] == ["ログイン"]
    assert not app.dataframe


def test_streamlit_tells_nobody_and_watches_nothing() -> None:
    arguments = command.arguments(8501, "127.0.0.1")

    assert {
        "--browser.gatherUsageStats=false",
        "--server.fileWatcherType=none",
        "--server.enableXsrfProtection=true",
        "--client.toolbarMode=minimal",
        "--client.showErrorDetails=none",
        "--server.headless=true",
        "--server.port=8501",
        "--server.address=127.0.0.1",
    } <= set(arguments)

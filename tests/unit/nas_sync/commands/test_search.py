"""What an operator types, and what he sees."""

from __future__ import annotations

import hashlib
import io
import uuid
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws
from opensearchpy import OpenSearch
from PIL import Image
from rich.console import Console
from typer.testing import CliRunner

from nas_sync.images import extractor
from nas_sync.indexing.documents import Stamp, document
from nas_sync.search import bulk, indices
from nas_sync.search.bulk import Target
from nas_sync.search.finding import BEGIN, END, Hit, Page
from scripts.nas_sync import search as searching
from scripts.nas_sync.__main__ import app
from scripts.nas_sync.stand_in import stand_in
from tests.unit.nas_sync.estate import result

STAMP = Stamp("arn", "2025-12-01T00:00:00Z")


@pytest.fixture(scope="module")
def files(search: OpenSearch) -> Iterator[str]:
    """25 offers and a locked file, in indices of their own."""
    made = [document(result(f"営業/見積書{n:02}.pdf", text="金額です"), STAMP) for n in range(25)]
    locked = result("総務/名簿.xlsx", status="skipped", reason="encrypted", size=3_000_000)
    made.append(document(locked, STAMP))
    prefix = f"typed-{uuid.uuid4().hex}"
    for name in indices.NAMES:
        indices.ensure(search, f"{prefix}-{name}", indices.definition(name))
    actions = [bulk.write(each["file_id"], each) for each in made]
    bulk.send(Target(search, f"{prefix}-files", 1), actions)
    search.indices.refresh(index=f"{prefix}-files")
    yield prefix
    search.indices.delete(index=f"{prefix}-*")


@pytest.fixture
def typed(
    files: str, opensearch_endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> pytest.MonkeyPatch:
    """An environment that leads there."""
    for name in indices.NAMES:
        monkeypatch.setenv(f"{name.upper()}_ALIAS", f"{files}-{name}")
    monkeypatch.setenv("OPENSEARCH_ENDPOINT", opensearch_endpoint)
    monkeypatch.setenv("COLUMNS", "160")
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(variable, "test")
    return monkeypatch


def run(*arguments: str) -> tuple[int, str]:
    told = CliRunner().invoke(app, ["search", "--env", "dev", *arguments])
    return told.exit_code, told.output


@pytest.mark.usefixtures("typed")
def test_words_find_files_page_by_page() -> None:
    code, told = run("見積書")
    assert code == 0
    assert "「見積書」 25 件中 1〜20 件目" in told
    assert "営業" in told
    assert "2025-11-01" in told
    assert "PAGE=2" in told
    assert "21〜25 件目" in run("見積書", "--page", "2")[1]


@pytest.mark.usefixtures("typed")
def test_a_file_without_content_tells_why() -> None:
    told = run("名簿", "--type", "xlsx", "--folder", "総務", "--since", "2025-01-01")[1]
    assert "パスワードで保護されている" in told
    assert "2.9 MB" in told


def test_no_file_s_name_or_text_commands_the_terminal() -> None:
    file = {"file_name": "\x1b[2J見積書\u202efdp.exe", "file_path": "\x9b0m/a", "file_size": 1}
    hit = Hit(1, file, [f"一行目\r\n{BEGIN}見積{END}\x1b]0;title\x07"])
    told = io.StringIO()
    searching.show(
        Console(file=told, width=160), Page(1, 1, [hit], more=False), "見積", likeness=False
    )
    assert "?[2J見積書?fdp.exe" in told.getvalue()
    assert "一行目 見積?]0;title?" in told.getvalue()
    assert not set(told.getvalue()) & set("\x1b\x07\x9b\r\u202e")


def test_images_have_no_total_and_tell_of_the_next_page() -> None:
    file = {"file_name": "a.png", "file_path": "a.png", "file_size": 1}
    told = io.StringIO()
    page = Page(None, 3, [Hit(0.9, file, [])] * 20, more=True)
    searching.show(Console(file=told, width=160), page, "photo.png", likeness=True)
    assert "「photo.png」 41〜60 件目" in told.getvalue()
    assert "PAGE=4" in told.getvalue()


@pytest.mark.usefixtures("typed")
def test_nothing_found_is_said() -> None:
    assert run("存在しない言葉")[1].startswith("「存在しない言葉」に一致するファイルはありません")


@pytest.mark.usefixtures("typed")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "one of them"),
        (["a", "--image", "b.jpg"], "one of them"),
        (["a", "--since", "yesterday"], "YYYY-MM-DD"),
        (["--image", "no-such-file.jpg"], "there is no such file"),
    ],
)
def test_a_wrong_request_is_bad_settings(arguments: list[str], message: str) -> None:
    code, told = run(*arguments)
    assert code == 2
    assert message in told


def test_an_opensearch_that_is_down_is_a_failure(typed: pytest.MonkeyPatch) -> None:
    typed.setenv("OPENSEARCH_ENDPOINT", "http://127.0.0.1:9")
    code, told = run("見積書")
    assert code == 1
    assert "gave no answer" in told


def test_an_image_finds_those_that_look_like_it(
    search: OpenSearch, typed: pytest.MonkeyPatch, files: str, tmp_path: Path
) -> None:
    model = stand_in(tmp_path / "stand-in-2048.onnx")
    extract = extractor.start({"model": str(model), "threads": 1})
    actions = []
    for colour in ("red", "blue"):
        path = tmp_path / f"{colour}.png"
        Image.new("RGB", (64, 48), colour).save(path)
        seen = extract(path, path.name)
        made = document(result(f"写真/{colour}.png", **seen), STAMP)
        actions.append(bulk.write(made["file_id"], made))
    bulk.send(Target(search, f"{files}-images", 1), actions)
    search.indices.refresh(index=f"{files}-images")
    typed.setenv("RAW_BUCKET", "raw")
    typed.setenv("MODEL_KEY", "models/stand-in-2048.onnx")
    typed.setenv("MODEL_SHA256", hashlib.sha256(model.read_bytes()).hexdigest())
    typed.setenv("AWS_DEFAULT_REGION", "us-east-1")
    typed.setattr(searching, "_MODELS", tmp_path / "models")
    with mock_aws():
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="raw")
        s3.upload_file(str(model), "raw", "models/stand-in-2048.onnx")

        code, told = run("--image", str(tmp_path / "red.png"))

    assert code == 0
    assert told.index("red.png", told.index("名前")) < told.index("blue.png")
    assert "1.000" in told
    assert "「red.png」 1〜2 件目" in told
    assert "件中" not in told
    assert "PAGE=" not in told

"""The generated share is the same everywhere, and is what it says it is."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest

from nas_sync.reasons import status_of
from nas_sync.records import kind_of
from scripts.local_estate.nas_share import Expected, a_month_later, make_share, revise

FILES = 150


def contents(folder: Path) -> dict[str, tuple[str, float]]:
    """Digest and time of every file, by path."""
    return {
        str(path.relative_to(folder)): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mtime,
        )
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def share(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Expected]]:
    folder = tmp_path_factory.mktemp("share")
    return folder, make_share(folder, FILES)


def test_the_same_seed_gives_the_same_files_and_the_same_month(tmp_path: Path) -> None:
    folders = tmp_path / "one", tmp_path / "other"
    befores = [make_share(folder, FILES) for folder in folders]
    first, second = map(contents, folders)

    months = [a_month_later(folder, befores[0]) for folder in folders]

    assert befores[0] == befores[1]
    assert first == second
    assert months[0] == months[1]
    assert contents(folders[0]) == contents(folders[1]) != first


def test_what_is_revised_is_all_that_changes(tmp_path: Path) -> None:
    files = make_share(tmp_path, FILES)
    before = contents(tmp_path)

    revise(tmp_path, files, 0.1)

    now = contents(tmp_path)
    assert now.keys() == before.keys()
    assert sum(now[path] != before[path] for path in before) == FILES // 10


def test_every_file_of_the_list_is_there_and_no_other(share: tuple[Path, list[Expected]]) -> None:
    folder, files = share

    assert set(contents(folder)) == {file.path for file in files}
    assert sum(file.status != "excluded" for file in files) == FILES
    assert all(len(file.path.rsplit("/", 1)[-1].encode()) <= 255 for file in files)


def test_files_that_hold_something_differ(share: tuple[Path, list[Expected]]) -> None:
    folder, _ = share

    digests = Counter(
        digest for path, (digest, _) in contents(folder).items() if (folder / path).stat().st_size
    )

    assert set(digests.values()) == {1}


def test_expectations_use_the_words_of_nas_sync(share: tuple[Path, list[Expected]]) -> None:
    transferred = [file for file in share[1] if file.status != "excluded"]

    assert all(file.kind == kind_of(file.path) for file in transferred)
    assert all(status_of(file.reason) == file.status for file in transferred if file.reason)


def test_a_pdf_holds_its_words_and_its_number(share: tuple[Path, list[Expected]]) -> None:
    folder, files = share
    number, file = next(
        (number, file)
        for number, file in enumerate(files)
        if file.path.endswith(".pdf") and file.status == "indexed"
    )

    text = pypdfium2.PdfDocument(folder / file.path)[0].get_textpage().get_text_bounded()

    assert f"{number:010}" in text
    assert all(word in text for word in file.words)


def test_a_month_later_the_list_is_true_again(tmp_path: Path) -> None:
    before = make_share(tmp_path, FILES)
    then = contents(tmp_path)

    month = a_month_later(tmp_path, before)

    now = contents(tmp_path)
    assert set(now) == {file.path for file in month.files}
    assert all(path not in then for path in month.new)
    assert all(path not in now and path in then for path in month.deleted)
    assert all(then[old] == now[new] and old not in now for old, new in month.moved.items())
    assert month.new and month.deleted and month.moved and month.changed  # noqa: PT018
    untouched = set(now) & set(then) - set(month.changed)
    assert all(now[path] == then[path] for path in untouched)
    assert all(now[path] != then.get(path) for path in month.changed)
    assert not any({"アカツキ", "ヒナギク"} & set(file.words) for file in before)
    assert any("アカツキ" in file.words for file in month.files)

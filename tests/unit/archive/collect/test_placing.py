"""Placing a whole file, and the hidden folder it grows in."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from scripts.archive.collect import workplace
from scripts.archive.collect.placing import place, rename_if_free


def no_links(*_: object) -> None:
    raise OSError(errno.EPERM, "no links here")


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_a_file_is_placed_but_never_over_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    for name in ("first", "second"):
        (tmp_path / name).write_text(name)

    assert place(tmp_path / "first", tmp_path / "name")
    assert not place(tmp_path / "second", tmp_path / "name")

    assert (tmp_path / "name").read_text() == "first"
    assert not (tmp_path / "first").exists()
    assert (tmp_path / "second").exists()


def test_a_rename_that_fails_names_the_path(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="name"):
        rename_if_free(tmp_path / "missing", tmp_path / "name")


def test_a_run_leaves_the_hidden_folder_of_another_run_that_goes_on(tmp_path: Path) -> None:
    with workplace.opened(tmp_path) as first:
        (first / "growing").touch()
        with workplace.opened(tmp_path) as second:
            assert second != first
            assert (first / "growing").exists()
        assert not second.exists()
    assert not list(tmp_path.iterdir())

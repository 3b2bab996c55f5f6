"""What commands do with files."""

from pathlib import Path

import pytest

from scripts import files


def test_a_fingerprint_tells_where_a_part_ends() -> None:
    assert files.fingerprint("ab", "c") != files.fingerprint("a", "bc")
    assert files.fingerprint("ab", b"c") == files.fingerprint(b"ab", "c")


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    target = tmp_path / "packages.json"
    target.write_text("before")
    with target.open() as reader:
        files.write(target, "after")
        assert reader.read() == "before"
    assert target.read_text() == "after"
    assert list(tmp_path.iterdir()) == [target]


def test_a_failed_write_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "packages.json"
    target.write_text("before")
    with pytest.raises(UnicodeEncodeError):
        files.write(target, "half \ud800")
    assert target.read_text() == "before"

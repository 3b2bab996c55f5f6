"""Any files survive the way into a zip and out of it by someone else's reader."""

import hashlib
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.package import zips

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0\\/"), min_size=1, max_size=20)


@given(st.dictionaries(NAMES, st.binary(max_size=2000), max_size=5))
def test_everything_comes_out_as_it_went_in(content: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        files = {}
        for number, (name, data) in enumerate(content.items()):
            files[name] = Path(folder, str(number))
            files[name].write_bytes(data)
        target = Path(folder, "out.zip")

        zips.write(target, files)

        with zipfile.ZipFile(target) as archive:
            assert archive.testzip() is None
            assert {name: archive.read(name) for name in archive.namelist()} == content
            assert archive.namelist() == sorted(content)


def test_entries_have_the_same_time_and_mode(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("#!/bin/sh\n")
    script.chmod(0o700)

    zips.write(tmp_path / "out.zip", {"script": script})

    (entry,) = zipfile.ZipFile(tmp_path / "out.zip").infolist()
    assert entry.date_time == (1980, 1, 1, 0, 0, 0)
    assert entry.external_attr >> 16 == 0o100644


def test_bytes_are_the_same_on_every_machine(tmp_path: Path) -> None:
    """A change here changes the hash of every deployed function and layer."""
    (tmp_path / "a").write_text(" ".join(str(number**2) for number in range(10_000)))

    zips.write(tmp_path / "out.zip", {"a": tmp_path / "a"})

    digest = hashlib.sha256((tmp_path / "out.zip").read_bytes()).hexdigest()
    assert digest == "07ea61f157b6afed52a3f91486107cd64c34e49d71c903f3c5e813b04897c974"


def test_too_many_files_are_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zips, "_MOST_ENTRIES", 1)

    with pytest.raises(ValueError, match="2 files are more than a zip holds"):
        zips.write(tmp_path / "out.zip", {"a": tmp_path / "a", "b": tmp_path / "b"})

    assert not list(tmp_path.iterdir())

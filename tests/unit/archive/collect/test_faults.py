"""A collect whose S3 fails, is slow or cuts, or whose disk is full."""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import obstore
import pytest
from obstore.exceptions import GenericError

from scripts.archive.checksum import Checksum
from scripts.archive.collect.download import WrongContentError, download
from scripts.archive.exits import Exit
from scripts.archive.restore_list.selection import Item
from tests.unit.archive.collect.test_command import contents, restored, there
from tests.unit.archive.put import faulty_proxy
from tests.unit.archive.vault import Vault, unc

__all__ = ["there"]

TIME = datetime(2024, 1, 1, tzinfo=UTC)
CONTENT = bytes(range(256)) * 40


def test_one_request_in_five_goes_wrong_and_every_file_is_there_once(
    vault: Vault, there: Path
) -> None:
    files = {f"d{number % 3}/{number:02}.txt": b"%d" % number for number in range(60)}
    vault.archive(files)
    listed = restored(vault, "")

    with faulty_proxy.running(vault.aws.endpoint, share=0.2) as (url, faults):
        vault.environ["AWS_ENDPOINT_URL"] = url
        results = [vault.run("collect", listed).exit_code for _ in range(3)]

    assert results[-1] == Exit.DONE
    assert sum(faults.values()) > 10
    assert Counter(contents(there).values()) == Counter(files.values())


def test_many_damaged_objects_do_not_keep_the_rest_from_being_tried(
    vault: Vault, there: Path
) -> None:
    vault.archive({f"{number:02}.txt": b"%d" % number for number in range(40)})
    vault.archive({"zz.txt": b"whole"})
    listed = restored(vault, "")
    vault.database.query(
        'UPDATE archive_list SET "SHA256" = %s WHERE "アーカイブファイル名" <> %s',
        "A" * 43 + "=",
        "zz.txt",
    )

    result = vault.run("collect", listed)

    assert result.exit_code == Exit.SOME_FAILED
    assert contents(there) == {"zz.txt": b"whole"}
    assert "中止しました" not in "".join(vault.left("error_log"))


@pytest.fixture
def small(vault: Vault) -> Iterator[Path]:
    """A destination with room for one MB."""
    folder = vault.folder / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a small file system can only be mounted as root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_leaves_no_half_file_and_the_rest_for_the_next_run(
    vault: Vault, small: Path
) -> None:
    files = {f"{number:02}.bin": bytes([number]) * 300_000 for number in range(12)}
    vault.archive(files)
    listed = restored(vault, "")

    result = vault.run("collect", listed, "--to", small)

    placed = contents(small)
    assert result.exit_code == Exit.SOME_FAILED
    assert 0 < len(placed) < 12
    assert all(files[name] == content for name, content in placed.items())
    assert vault.left("failed_downloads") == unc(*sorted(files.keys() - placed.keys()))
    assert "空き容量" in vault.left("not_collected")[-1]
    assert "空き" in result.output


class Answer:
    """What `obstore.get` gives: some bytes, then perhaps an error."""

    def __init__(self, content: bytes, cut: bool) -> None:
        self._content = content
        self._cut = cut

    def stream(self, _: int) -> Iterator[bytes]:
        yield self._content
        if self._cut:
            raise GenericError("cut")


def item(content: bytes = CONTENT) -> Item:
    checksum = Checksum(None)
    checksum.update(content)
    return Item(1, "k", "k", "v", len(content), checksum.text(), None, "e", TIME, TIME)


def test_a_download_that_is_cut_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def get(_store: Any, _key: str, *, options: dict[str, Any]) -> Answer:
        asked.append(options)
        start, end = options.get("range", (0, len(CONTENT)))
        return Answer(CONTENT[start : min(start + 3000, end)], cut=start + 3000 < end)

    monkeypatch.setattr(obstore, "get", get)
    store: Any = None
    download(store, item(), tmp_path / "file", lambda _: None)

    assert (tmp_path / "file").read_bytes() == CONTENT
    assert [options.get("range", (0,))[0] for options in asked] == [0, 3000, 6000, 9000]
    assert {options["version"] for options in asked} == {"v"}


@pytest.mark.parametrize("given", [CONTENT[:-1], CONTENT + b"x", CONTENT[::-1]])
def test_a_download_that_differs_is_never_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: bytes
) -> None:
    def get(_store: Any, _key: str, *, options: dict[str, Any]) -> Answer:
        return Answer(b"" if "range" in options else given, cut=False)

    monkeypatch.setattr(obstore, "get", get)
    store: Any = None
    with pytest.raises(WrongContentError):
        download(store, item(), tmp_path / "file", lambda _: None)

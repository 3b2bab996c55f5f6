"""Counting: exact on every tree, whatever happens to it meanwhile, and never silent."""

from __future__ import annotations

import ctypes
import itertools
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efs_autoscaler import count
from efs_autoscaler.count import CountError, count_files
from efs_autoscaler.folder import Listing, Reader, tally
from tests.unit.efs_autoscaler.trees import TREES, Tree, planted

NOBODY = 65534


def counted(folder: Path | str, workers: int = 4, seconds: float = 60) -> int:
    end = time.monotonic() + seconds
    return count_files(str(folder), workers, lambda: end - time.monotonic())


@settings(max_examples=150)
@given(tree=TREES, workers=st.integers(1, 8))
def test_property_1_what_is_reported_is_the_number_of_files(tree: Tree, workers: int) -> None:
    """Feature: efs-mount-target-autoscaling, Property 1."""
    with planted(tree) as (folder, files):
        assert counted(folder, workers) == files


@given(
    st.lists(
        st.tuples(st.sampled_from([0, 1, 4, 8, 10, 12]), st.binary(min_size=3, max_size=255)),
        max_size=300,
    )
)
def test_records_of_every_length_and_kind_are_told_apart(entries: list[tuple[int, bytes]]) -> None:
    entries = [(kind, name.replace(b"\0", b"0")) for kind, name in entries]
    entries += [(4, b"."), (4, b".."), (0, b"."), (0, b"..")]
    listing = Listing()
    tally(b"".join(_record(kind, name) for kind, name in entries), listing)
    told = [(kind, name) for kind, name in entries if name not in {b".", b".."}]
    assert listing == Listing(
        files=sum(kind not in {0, 4} for kind, _ in told),
        folders=[name for kind, name in told if kind == 4],
        unknown=[name for kind, name in told if kind == 0],
    )


def _record(kind: int, name: bytes) -> bytes:
    """As the kernel writes it, with rubbish where it writes nothing."""
    length = (19 + len(name) + 1 + 7) // 8 * 8
    head = b"\x20" * 16 + length.to_bytes(2, "little") + bytes([kind]) + name + b"\0"
    return head.ljust(length, b"\x04")


def test_a_folder_with_more_entries_than_one_buffer_holds_is_read_to_its_end(
    tmp_path: Path,
) -> None:
    for number in range(3000):
        (tmp_path / f"{number:0100}").touch()
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "file").touch()
    assert counted(tmp_path) == 3001


def test_paths_longer_than_the_kernel_takes_are_counted(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(40):  # 10,000 bytes deep
        os.mkdir("d" * 250, dir_fd=here)
        below = os.open("d" * 250, os.O_RDONLY, dir_fd=here)
        os.close(os.open("file", os.O_CREAT, dir_fd=below))
        os.close(here)
        here = below
    os.close(here)
    assert counted(tmp_path) == 40
    shutil.rmtree(tmp_path)


def test_links_are_counted_and_never_followed(tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "file").touch()
    (files / "loop").symlink_to(files)
    (files / "away").symlink_to(tmp_path / "outside")
    assert counted(files) == 2


def test_where_the_file_system_does_not_tell_what_an_entry_is_it_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Taciturn(Reader):
        def _records(self, folder: int) -> bytes:
            records, at = bytearray(super()._records(folder)), 0
            while at < len(records):
                records[at + 18] = 0
                at += int.from_bytes(records[at + 16 : at + 18], "little")
            return bytes(records)

    monkeypatch.setattr(count, "Reader", Taciturn)
    (tmp_path / "below").mkdir()
    for name in ("a", "below/b", "below/c"):
        (tmp_path / name).touch()
    (tmp_path / "link").symlink_to("below")
    assert counted(tmp_path) == 4


def test_what_another_device_is_mounted_on_is_not_looked_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Mounted(Reader):
        def read(self, path: bytes) -> Listing:
            listing = super().read(path)
            return replace(listing, device=-1) if path.endswith(b"elsewhere") else listing

    monkeypatch.setattr(count, "Reader", Mounted)
    (tmp_path / "elsewhere" / "below").mkdir(parents=True)
    for name in ("a", "elsewhere/b", "elsewhere/below/c"):
        (tmp_path / name).touch()
    assert counted(tmp_path) == 1


Disturb = Callable[[Callable[[bytes], object]], None]


@pytest.fixture
def before_each_read(monkeypatch: pytest.MonkeyPatch) -> Disturb:
    """Has something happen just before each folder is read."""

    def disturb(happening: Callable[[bytes], object]) -> None:
        class Disturbed(Reader):
            def read(self, path: bytes) -> Listing:
                happening(path)
                return super().read(path)

        monkeypatch.setattr(count, "Reader", Disturbed)

    return disturb


@pytest.mark.parametrize("replacement", ["nothing", "file", "link"])
def test_a_folder_that_vanishes_while_counted_holds_nothing(
    tmp_path: Path, before_each_read: Disturb, replacement: str
) -> None:
    for name in ("stays", "goes"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").touch()

    def happening(path: bytes) -> None:
        if path.endswith(b"goes"):
            shutil.rmtree(tmp_path / "goes")
            if replacement == "file":
                (tmp_path / "goes").touch()
            elif replacement == "link":
                (tmp_path / "goes").symlink_to("stays")

    before_each_read(happening)
    assert counted(tmp_path) == 1


def test_a_tree_that_goes_away_while_counted_is_an_error_and_no_lower_number(
    tmp_path: Path, before_each_read: Disturb
) -> None:
    tree = tmp_path / "tree"
    (tree / "below").mkdir(parents=True)
    for name in ("file", "below/file"):
        (tree / name).touch()

    def happening(path: bytes) -> None:
        if path.endswith(b"below"):
            tree.rename(tmp_path / "elsewhere")

    before_each_read(happening)
    with pytest.raises(CountError, match=r"/tree can't be read \(No such file or directory\)"):
        counted(tree)


def test_a_tree_that_changes_all_the_time_is_counted_without_error(tmp_path: Path) -> None:
    (tmp_path / "stays").touch()
    done = threading.Event()

    def change() -> None:
        while not done.is_set():
            for number in range(20):
                (tmp_path / f"{number}" / "below").mkdir(parents=True)
            for number in range(20):
                shutil.rmtree(tmp_path / f"{number}")

    changing = threading.Thread(target=change)
    changing.start()
    try:
        assert {counted(tmp_path) for _ in range(200)} == {1}
    finally:
        done.set()
        changing.join()


def test_a_stale_handle_is_looked_up_again_once(tmp_path: Path, before_each_read: Disturb) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "file").touch()
    stale = [b"below"]

    def happening(path: bytes) -> None:
        if stale and path.endswith(stale[0]):
            stale.pop()
            raise OSError(116, os.strerror(116))

    before_each_read(happening)
    assert counted(tmp_path) == 1


def test_a_handle_that_stays_stale_is_an_error(tmp_path: Path, before_each_read: Disturb) -> None:
    def happening(_: bytes) -> None:
        raise OSError(116, os.strerror(116))

    before_each_read(happening)
    with pytest.raises(CountError, match=r"can't be read \(Stale file handle\)"):
        counted(tmp_path)


def test_a_folder_to_count_in_that_is_not_there_is_an_error(
    tmp_path: Path, before_each_read: Disturb
) -> None:
    with pytest.raises(CountError, match=r"/none can't be read \(No such file or directory\)"):
        counted(tmp_path / "none")
    (tmp_path / "file").touch()
    with pytest.raises(CountError, match=r"/file can't be read \(Not a directory\)"):
        counted(tmp_path / "file")
    before_each_read(lambda _: shutil.rmtree(tmp_path))
    with pytest.raises(CountError, match="No such file or directory"):
        counted(tmp_path)


@contextmanager
def _as_nobody() -> Iterator[None]:
    """Let this thread, and those it starts, meet permissions, also where tests run as root."""
    libc = ctypes.CDLL(None)
    mine = libc.setfsuid(NOBODY) if os.geteuid() == 0 else None
    try:
        yield
    finally:
        if mine is not None:
            libc.setfsuid(mine)


def test_a_folder_that_may_not_be_read_is_an_error_that_names_it() -> None:
    with tempfile.TemporaryDirectory() as home:
        Path(home).chmod(0o755)
        name = os.fsencode(home) + b"/secr\xe9t"
        os.mkdir(name, 0o000)  # noqa: PTH102 - a name that is no text
        with _as_nobody(), pytest.raises(CountError, match=r"/secr\\xe9t can't be read \(Perm"):
            counted(home)


def test_folders_that_are_waited_for_are_read_side_by_side_by_all_the_workers(
    tmp_path: Path, before_each_read: Disturb
) -> None:
    for number in range(8):
        (tmp_path / f"{number}").mkdir()
        (tmp_path / f"{number}" / "file").touch()
    together = threading.Barrier(4)
    meetings: list[int] = []

    def happening(path: bytes) -> None:
        if path != os.fsencode(tmp_path):
            meetings.append(together.wait(60))

    before_each_read(happening)
    assert counted(tmp_path, workers=4) == 8
    assert sorted(meetings) == [0, 0, 1, 1, 2, 2, 3, 3]


def test_no_more_folders_are_read_at_a_time_than_there_are_workers(
    tmp_path: Path, before_each_read: Disturb
) -> None:
    for number in range(12):
        (tmp_path / f"{number}").mkdir()
    seats = threading.Semaphore(3)
    crowded: list[bytes] = []

    def happening(path: bytes) -> None:
        if not seats.acquire(blocking=False):
            crowded.append(path)
            return
        time.sleep(0.02)
        seats.release()

    before_each_read(happening)
    assert counted(tmp_path, workers=3) == 0
    assert crowded == []


def test_counting_is_given_up_when_time_is_up_and_tells_how_far_it_came(
    tmp_path: Path, before_each_read: Disturb
) -> None:
    for number in range(50):
        (tmp_path / f"{number}").mkdir()
        (tmp_path / f"{number}" / "file").touch()
    begun = itertools.count()
    time_is_up, given_up = threading.Event(), threading.Event()

    def happening(_: bytes) -> None:
        if next(begun) == 10:  # the tenth below the first
            time_is_up.set()
            given_up.wait(60)

    before_each_read(happening)
    with pytest.raises(CountError, match=r"in the time there is \(9 were by then\)"):
        count_files(str(tmp_path), 1, lambda: 0.0 if time_is_up.is_set() else 60.0)
    given_up.set()


def test_counting_is_given_up_when_time_is_up_also_where_nothing_answers(
    tmp_path: Path, before_each_read: Disturb
) -> None:
    given_up = threading.Event()
    before_each_read(lambda _: given_up.wait(60))
    with pytest.raises(CountError, match="could not be counted in the time there is"):
        counted(tmp_path, seconds=0.01)
    given_up.set()

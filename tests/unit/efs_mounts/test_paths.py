"""No path leads out of a mount point: not by its spelling, and not by a link."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.efs_mounts import Router, UnsafePathError

MOUNTS = ["/mnt/efs-0", "/mnt/efs-1", "/mnt/efs-2"]
# What tends to break such code, among anything else.
pieces = st.sampled_from(["..", ".", "/", "//", "\\", "\0", "...", "~", "-", "\udcff", "\ud800"])
hostile = st.lists(pieces | st.text(max_size=5), max_size=8).map("".join)


@settings(max_examples=500)
@given(path=hostile, rendezvous=st.booleans())
def test_every_route_is_below_its_mount_or_refused(path: str, rendezvous: bool) -> None:
    router = Router(MOUNTS, rendezvous=rendezvous)
    try:
        way = router.route(path)
    except UnsafePathError:
        return
    mount = router.mounts[router.index(path)]
    assert way == os.path.normpath(way)
    assert PurePosixPath(way).is_relative_to(mount)
    assert way != mount
    assert "\0" not in way
    assert ".." not in way.replace("\\", "/").split("/")
    os.fsencode(way)


@settings(max_examples=300)
@given(path=hostile.map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary())
def test_names_as_bytes_take_the_way_of_the_same_names_as_text(path: bytes) -> None:
    router = Router(MOUNTS)
    try:
        way = router.route(path)
    except UnsafePathError:
        with pytest.raises(UnsafePathError):
            router.route(os.fsdecode(path))
        return
    assert way == router.route(os.fsdecode(path))
    assert os.fsencode(way).startswith(b"/mnt/efs-")


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("", "names no file"),
        (".", "names no file"),
        ("././", "names no file"),
        ("/etc/passwd", "is absolute"),
        ("//etc", "is absolute"),
        (b"/etc", "is absolute"),
        ("..", "leads upwards"),
        ("a/../../etc", "leads upwards"),
        ("a/..", "leads upwards"),
        ("..\\..\\etc", "leads upwards"),
        ("a\\../b", "leads upwards"),
        ("a\0b", "has a NUL"),
        ("a/\ud800", "stands for no byte"),
    ],
)
def test_what_is_refused_and_why(path: str | bytes, why: str) -> None:
    with pytest.raises(UnsafePathError, match=why):
        Router(MOUNTS).route(path)


@pytest.mark.parametrize(
    ("path", "inside"),
    [
        ("a/b", "a/b"),
        ("./a//b/", "a/b"),
        ("a/..b/...", "a/..b/..."),
        (".hidden", ".hidden"),
        ("a\\b", "a\\b"),
        ("日本/写真.jpg", "日本/写真.jpg"),
        (b"\xff", "\udcff"),
        (Path("a/b"), "a/b"),
        ("~root", "~root"),
    ],
)
def test_what_is_allowed_keeps_its_name(path: str | bytes | Path, inside: str) -> None:
    assert Router(["/m"]).route(path) == f"/m/{inside}"


@pytest.fixture
def mount(tmp_path: Path) -> Path:
    """A mount point with a file, beside a secret."""
    (tmp_path / "secret").write_text("secret")
    mount = tmp_path / "efs-0"
    (mount / "folder").mkdir(parents=True)
    (mount / "folder" / "file").write_text("ours")
    return mount


def test_files_are_read_and_written_below_the_mount(mount: Path) -> None:
    router = Router([str(mount)])
    with router.open("folder/new", "w", encoding="utf-8") as file:
        file.write("日本")
    with router.open("folder/new", "rb") as file:
        assert file.read().decode() == "日本"
    assert router.accesses == [2]
    assert (mount / "folder" / "new").stat().st_mode & 0o111 == 0


@pytest.mark.parametrize("target", ["file", "../folder/file"])
def test_links_within_the_mount_are_followed(mount: Path, target: str) -> None:
    (mount / "folder" / "link").symlink_to(target)
    with Router([str(mount)]).open("folder/link") as file:
        assert file.read() == "ours"


@pytest.mark.parametrize("target", ["../secret", "{above}/secret", "/proc/self/root/etc/passwd"])
def test_a_link_to_a_file_elsewhere_is_refused(mount: Path, target: str) -> None:
    (mount / "link").symlink_to(target.format(above=mount.parent))
    with pytest.raises(UnsafePathError, match="leads out of"):
        Router([str(mount)]).open("link")


def test_a_link_to_a_folder_elsewhere_is_refused_on_the_way(mount: Path) -> None:
    (mount / "way").symlink_to(mount.parent)
    router = Router([str(mount)])
    with pytest.raises(UnsafePathError, match="leads out of"):
        router.open("way/made", "w")
    assert not (mount.parent / "made").exists()


def test_what_is_not_there_is_told_with_its_full_path(mount: Path) -> None:
    with pytest.raises(FileNotFoundError, match="efs-0/folder/none"):
        Router([str(mount)]).open("folder/none")

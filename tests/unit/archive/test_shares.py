r"""Paths people write, keys, and places on this host are three names of one thing."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.archive.shares import PathError, Shares, directory, key_of, name, unc, verbatim

SHARES = Shares(
    {
        "fsx-server-name/share": Path("/mnt/fsx"),
        "nas01/総務": Path("/mnt/nas/somu"),
        "nas01/資料ガイド": Path("/mnt/nas/guide"),
    },
)
NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/\\"), min_size=1
).filter(lambda text: text not in {".", ".."})


@pytest.mark.parametrize(
    ("written", "key"),
    [
        (r"\\fsx-server-name\share\project1\data1.txt", "fsx-server-name/share/project1/data1.txt"),
        ("//fsx-server-name/share/project1", "fsx-server-name/share/project1"),
        (r"\\FSX-Server-Name\SHARE\Project1", "fsx-server-name/share/Project1"),
        ("\\\\fsx-server-name\\share\\a\\", "fsx-server-name/share/a"),
        (r"\\fsx-server-name\share", "fsx-server-name/share"),
        (r"\\nas01\総務\見積\ ①㈱ .txt", "nas01/総務/見積/ ①㈱ .txt"),
        ("\\\\nas01\\" + unicodedata.normalize("NFD", "資料ガイド") + "\\a", "nas01/資料ガイド/a"),
        ("/mnt/fsx/project1/data1.txt", "fsx-server-name/share/project1/data1.txt"),
        ("/mnt/nas/somu", "nas01/総務"),
    ],
)
def test_a_written_path_becomes_a_key(written: str, key: str) -> None:
    assert SHARES.key(written) == key


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("project1", "フルパスではありません"),
        ("", "フルパスではありません"),
        (r"Z:\project1", "フルパスではありません"),
        ("/mnt/fsx2/x", "フルパスではありません"),
        ("mnt/fsx/x", "フルパスではありません"),
        (r"\\other\share\x", r"\\other\share"),
        (r"\\fsx-server-name", "設定にありません"),
        (r"\\fsx-server-name\share\..\secret", "「..」"),
        ("/mnt/fsx/../secret", "「..」"),
        (r"\\fsx-server-name\share\.\x", "「.」"),
    ],
)
def test_what_is_no_place_on_a_share_is_refused(written: str, told: str) -> None:
    with pytest.raises(PathError, match=r".+。.+") as refused:
        SHARES.key(written)
    assert told in refused.value.reason
    assert refused.value.remedy


@given(st.lists(NAMES, min_size=1))
def test_a_key_survives_the_way_through_a_path(parts: list[str]) -> None:
    key = "/".join(["nas01", "総務", *parts])
    assert SHARES.key(unc(key)) == key
    assert key_of(unc(key)) == key
    assert f"{directory(key)}\\{name(key)}" == unc(key)
    assert SHARES.local(key) == Path("/mnt/nas/somu", *parts)
    assert SHARES.key(str(SHARES.local(key))) == key


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (r"\\fsx\share", r"\\?\UNC\fsx\share"),
        ("Z:\\", "\\\\?\\Z:\\"),
        (r"\\?\UNC\fsx\share", r"\\?\UNC\fsx\share"),
    ],
)
def test_windows_takes_paths_and_names_as_they_are(path: str, found: str) -> None:
    assert verbatim(path) == found

"""What DataSync writes beside objects is read in every unit, and never breaks a file."""

from __future__ import annotations

from email.header import Header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nas_sync.extraction import metadata

KEY = "monthly-sync/営業部/見積書.pdf"


@pytest.mark.parametrize(
    "written", ["1700000000000000000ns", "1700000000000000us", "1700000000000ms", "1700000000s"]
)
def test_reads_times_in_every_unit(written: str) -> None:
    assert metadata.modified({"file-mtime": written}) == "2023-11-14T22:13:20Z"
    assert metadata.modified({"file-mtime": "1700000000.5"}) == "2023-11-14T22:13:20Z"
    assert metadata.modified({"file-mtime": "-86400s"}) == "1969-12-31T00:00:00Z"


@pytest.mark.parametrize("written", ["", "yesterday", "99999999999999999999s", "-99999999999s"])
def test_tells_no_time_that_makes_no_sense(written: str) -> None:
    assert metadata.modified({"file-mtime": written}) is None
    assert metadata.modified({}) is None


@given(st.text())
def test_no_time_fails(written: str) -> None:
    metadata.modified({"file-mtime": written})


def test_takes_the_path_that_datasync_tells() -> None:
    assert metadata.nas_path({"source-path": "//nas/a/x.pdf"}, KEY, "//nas/b/") == "//nas/a/x.pdf"


def test_reads_a_path_as_s3_encodes_it() -> None:
    encoded = Header("//nas/share/営業部/見積書.pdf", "utf-8").encode()
    found = metadata.nas_path({"source-path": encoded}, KEY, "//nas/share/")
    assert found == "//nas/share/営業部/見積書.pdf"


def test_puts_the_share_before_a_path_that_nobody_tells() -> None:
    assert metadata.nas_path({}, KEY, "//nas/share/") == "//nas/share/営業部/見積書.pdf"


@pytest.mark.parametrize("written", ["=?x?B?YQ==?=", "=?utf-8?B?a?=", "=?utf-8?Q?=ff?="])
def test_puts_the_share_before_a_path_that_nobody_can_read(written: str) -> None:
    assert metadata.nas_path({"source-path": written}, "monthly-sync/x", "//nas/") == "//nas/x"


@given(st.text())
def test_no_path_fails(written: str) -> None:
    metadata.nas_path({"source-path": written}, KEY, "")

"""The checksum that is recomputed while an object comes."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from scripts.archive.checksum import Checksum, of_file, of_parts


def cut(content: bytes, size: int) -> list[bytes]:
    return [content[start : start + size] for start in range(0, len(content), size)]


@given(st.binary(max_size=500), st.integers(1, 64), st.integers(1, 64))
def test_it_is_s3s_composite_however_the_bytes_come(content: bytes, part: int, chunk: int) -> None:
    checksum = Checksum(part)
    for piece in cut(content, chunk):
        checksum.update(piece)

    digests = [sha256(piece).digest() for piece in cut(content, part) or [b""]]
    expected = b64encode(sha256(b"".join(digests)).digest()).decode()
    assert checksum.text() == f"{expected}-{len(digests)}"


@given(st.binary(max_size=500), st.integers(1, 64))
def test_it_is_the_digest_of_the_whole_where_there_were_no_parts(
    content: bytes, chunk: int
) -> None:
    checksum = Checksum(None)
    for piece in cut(content, chunk):
        checksum.update(piece)

    assert checksum.text() == b64encode(sha256(content).digest()).decode()


def test_a_files_checksum_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"x" * 3_000_000)
    checksum = Checksum(1_000_000)
    checksum.update(b"x" * 3_000_000)

    assert of_file(tmp_path / "f", 1_000_000) == checksum.text()


@given(st.lists(st.binary(min_size=1, max_size=20), min_size=1, max_size=5))
def test_the_checksum_of_the_whole_is_that_of_the_digests(bodies: list[bytes]) -> None:
    digests = [sha256(body).digest() for body in bodies]
    whole, _, number = of_parts(digests).rpartition("-")
    assert whole == b64encode(sha256(b"".join(digests)).digest()).decode()
    assert int(number) == len(bodies)

"""Channels are named by id or @handle, in a setting or in a CSV file in S3."""

from __future__ import annotations

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchworks.errors import SettingsError
from sync_batch import channel_list

IDS = st.text("ABCxyz019_-", min_size=22, max_size=22).map("UC{}".format)
HANDLES = st.text("abcXYZ猫ねこ019_.-", min_size=1, max_size=30).map("@{}".format)
NAMES = IDS | HANDLES
ID = "UC" + "x" * 22


@given(st.lists(NAMES, min_size=1), st.sampled_from([",", " ,", ", ", ",,", ",\n"]))
def test_a_list_gives_each_name_once_in_its_order(names: list[str], separator: str) -> None:
    assert channel_list.read(separator.join(names)) == tuple(dict.fromkeys(names))


@given(st.lists(NAMES, max_size=3), st.text(min_size=1), st.lists(NAMES, max_size=3))
def test_anything_else_is_named_with_its_place(
    before: list[str], other: str, after: list[str]
) -> None:
    entry = other.replace(",", "").strip()
    if not entry or entry.startswith(("UC", "@", "s3://")):
        entry = "https://www.youtube.com/@name"
    with pytest.raises(SettingsError) as raised:
        channel_list.read(",".join([*before, entry, *after]))
    assert f"entry {len(before) + 1}: {entry!r}" in str(raised.value)
    assert "neither an id" in str(raised.value)


def test_many_malformed_names_are_counted() -> None:
    with pytest.raises(SettingsError, match=r"entry 10: 'x'; and 5 more"):
        channel_list.read(",".join(["x"] * 15))


@pytest.mark.parametrize("nothing", [",", " , ,"])
def test_no_name_at_all_is_refused(nothing: str) -> None:
    with pytest.raises(SettingsError, match="YOUTUBE_CHANNELS names no channel"):
        channel_list.read(nothing)


def put(bucket: str, content: bytes) -> str:
    boto3.client("s3").put_object(Bucket=bucket, Key="lists/channels.csv", Body=content)
    return f"s3://{bucket}/lists/channels.csv"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_csv_file_gives_its_column_channel(bucket: str, mark: bytes) -> None:
    content = mark + f"name,channel\r\n猫, {ID} \r\n,@neko\r\n\r\nsame,@neko\r\nnone,\r\n".encode()
    assert channel_list.read(put(bucket, content)) == (ID, "@neko")


def test_a_malformed_line_is_named_with_its_number(bucket: str) -> None:
    uri = put(bucket, b'name,channel\n"two\nlines",@fine\nx,wrong name\n')
    with pytest.raises(SettingsError, match=r"s3://some-bucket/.*: line 4: 'wrong name'"):
        channel_list.read(uri)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "line 1 needs a column .channel.; it has nothing"),
        (b"id,name\nUC1,x\n", "line 1 needs a column .channel.; it has id, name"),
        (b"channel\n", "names no channel"),
        ("channel\n@猫\n".encode("cp932"), "is not UTF-8: save it as"),
    ],
)
def test_an_unusable_csv_file_is_refused(bucket: str, content: bytes, complaint: str) -> None:
    with pytest.raises(SettingsError, match=complaint):
        channel_list.read(put(bucket, content))


def test_a_csv_file_that_is_not_there_is_named_with_the_remedy(bucket: str) -> None:
    with pytest.raises(SettingsError, match=r"s3://some-bucket/no\.csv can't be read .*GetObject"):
        channel_list.read(f"s3://{bucket}/no.csv")


@pytest.mark.parametrize("uri", ["s3://", "s3://bucket", "s3://bucket/", "s3://B/x.csv"])
def test_another_kind_of_address_is_refused(uri: str) -> None:
    with pytest.raises(SettingsError, match=r"give a CSV file as s3://bucket/key\.csv"):
        channel_list.read(uri)

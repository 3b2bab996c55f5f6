"""A bucket that isn't ours is neither read nor written."""

from __future__ import annotations

from typing import Any

import pytest

from dynamodb_export import clients

OWNER = "123456789012"
WHERE = {"Bucket": "b", "Key": "k"}


class SentError(Exception):
    """What goes to S3, which it doesn't reach."""


@pytest.mark.parametrize(
    ("call", "request_"),
    [
        ("get_object", WHERE),
        ("head_object", WHERE),
        ("put_object", WHERE),
        ("delete_object", WHERE),
        ("list_objects_v2", {"Bucket": "b"}),
        ("copy_object", {**WHERE, "CopySource": "b/source"}),
        ("upload_part_copy", {**WHERE, "CopySource": "b/s", "UploadId": "u", "PartNumber": 1}),
    ],
)
def test_every_call_names_the_owner(
    monkeypatch: pytest.MonkeyPatch, call: str, request_: dict[str, Any]
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-1")
    client = clients.s3(OWNER)

    def stop(params: dict[str, Any], **_: object) -> None:
        raise SentError(params["headers"])

    client.meta.events.register("before-call.s3", stop)
    with pytest.raises(SentError) as sent:
        getattr(client, call)(**request_)
    headers = sent.value.args[0]
    assert headers["x-amz-expected-bucket-owner"] == OWNER
    if "CopySource" in request_:
        assert headers["x-amz-source-expected-bucket-owner"] == OWNER

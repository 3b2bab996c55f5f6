"""ImageFeatureExtractor as Step Functions calls it."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aws_lambda_powertools import Logger

from nas_sync.errors import MissingObject, ModelError
from nas_sync.extraction.parts import hindrance
from nas_sync.handlers import images
from nas_sync.store import Store
from tests.unit.lambda_context import Context
from tests.unit.nas_sync.images.drawing import painting, saved, turned
from tests.unit.nas_sync.invoking import Lines

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CALL = {"batch": "exec-1", "work": "work/exec-1/image-00000.jsonl"}
CONTEXT: Any = Context(function_name="ImageFeatureExtractor")
FILES = {
    "monthly-sync/写真/壊れた.jpg": saved(painting(1), "JPEG")[:2000],
    "monthly-sync/写真/横向き.jpg": turned(painting(1), 6, "JPEG"),
    "monthly-sync/写真/空.png": b"",
}


@pytest.fixture
def bucket(raw_bucket: S3Client, model: Path, monkeypatch: pytest.MonkeyPatch) -> S3Client:
    raw_bucket.put_object(Bucket="raw", Key="models/m.onnx", Body=model.read_bytes())
    monkeypatch.setenv("MODEL_KEY", "models/m.onnx")
    monkeypatch.setenv("MODEL_SHA256", hashlib.sha256(model.read_bytes()).hexdigest())
    rows = []
    for key, body in FILES.items():
        etag = raw_bucket.put_object(Bucket="raw", Key=key, Body=body)["ETag"].strip('"')
        row = {"key": key, "size": len(body), "etag": etag, "kind": "image", "change": "new"}
        rows.append(json.dumps(row))
    raw_bucket.put_object(Bucket="raw", Key=CALL["work"], Body="\n".join(rows).encode())
    return raw_bucket


def results(s3: S3Client) -> dict[str, dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for found in s3.list_objects_v2(Bucket="raw", Prefix="results/").get("Contents", []):
        body = s3.get_object(Bucket="raw", Key=found["Key"])["Body"].read()
        for line in gzip.decompress(body).splitlines():
            row = json.loads(line)
            rows[row["key"]] = row
    return rows


def test_every_image_of_a_work_file_gets_its_vector_or_its_reason(
    bucket: S3Client, lines: Lines, listen: Callable[[Logger], None]
) -> None:
    listen(images.logger)

    answer = images.run(CALL, CONTEXT)

    assert answer == {"done": True, "files": 3, "indexed": 1, "skipped": 1, "failed": 1}
    found = results(bucket)
    assert [found[key].get("reason") for key in FILES] == ["corrupt", None, "empty"]
    image = found["monthly-sync/写真/横向き.jpg"]
    assert (image["width"], image["height"]) == (240, 320)
    assert len(base64.b64decode(image["vector"])) == 2048 * 4
    assert lines()[-1]["outcome"] == "complete"


def test_without_its_model_the_function_fails_and_notes_why(
    bucket: S3Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODEL_KEY", "models/other.onnx")
    monkeypatch.setenv("MODEL_SHA256", "0" * 64)

    with pytest.raises(ModelError, match=r"no image model s3://raw/models/other\.onnx"):
        images.run(CALL, CONTEXT)

    assert not results(bucket)
    why = hindrance(Store(bucket, "raw"), "exec-1", "image-00000")
    assert why["reason"] == "model_unusable"
    assert "there is no image model s3://raw/models/other.onnx" in why["detail"]


def test_once_the_model_is_there_nobody_is_told_that_it_is_missing(
    bucket: S3Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setenv("MODEL_KEY", "models/other.onnx")
        before.setenv("MODEL_SHA256", "0" * 64)
        with pytest.raises(ModelError):
            images.run(CALL, CONTEXT)
    bucket.delete_object(Bucket="raw", Key=CALL["work"])  # so that this call, too, reads no line

    with pytest.raises(MissingObject):
        images.run(CALL, CONTEXT)

    assert hindrance(Store(bucket, "raw"), "exec-1", "image-00000")["reason"] == "not_processed"


@pytest.mark.parametrize(
    ("memory", "cpus", "threads"), [("1024", 4, 1), ("1769", 4, 1), ("3538", 4, 2), ("10240", 4, 4)]
)
def test_as_many_threads_compute_as_memory_buys_cpus(
    monkeypatch: pytest.MonkeyPatch, memory: str, cpus: int, threads: int
) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(cpus)))

    assert images._cpus({"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": memory}) == threads

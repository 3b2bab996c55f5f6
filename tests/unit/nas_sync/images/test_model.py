"""The model is the one that was configured, or nothing is done."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
import pytest

from nas_sync.errors import ModelError
from nas_sync.images.model import fetch
from nas_sync.store import Store
from scripts.nas_sync.stand_in import stand_in

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

KEY = "models/a.onnx"
BODY = b"a model" * 1000
SHA256 = hashlib.sha256(BODY).hexdigest()


@pytest.fixture
def store(raw_bucket: S3Client) -> Store:
    raw_bucket.put_object(Bucket="raw", Key=KEY, Body=BODY)
    return Store(raw_bucket, "raw")


def test_a_model_is_downloaded_once(store: Store, tmp_path: Path) -> None:
    path = fetch(store, KEY, SHA256.upper(), tmp_path)
    store.s3.delete_object(Bucket="raw", Key=KEY)

    assert fetch(store, KEY, SHA256, tmp_path) == path
    assert path.read_bytes() == BODY
    assert list(tmp_path.iterdir()) == [path]


def test_another_model_than_the_configured_one_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=rf"s3://raw/{KEY} has the SHA-256 {SHA256}, configured"):
        fetch(store, KEY, "0" * 64, tmp_path)

    assert not list(tmp_path.iterdir())


def test_a_missing_model_is_told(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no image model s3://raw/models/b\.onnx: upload it with"):
        fetch(store, "models/b.onnx", SHA256, tmp_path)


def test_the_stand_in_takes_what_resnet_50_takes(model: Path) -> None:
    session = onnxruntime.InferenceSession(model)

    (found,) = session.run(None, {"input": np.zeros((3, 3, 224, 224), np.float32)})

    assert (found.shape, found.dtype) == ((3, 2048), np.float32)


def test_the_stand_in_is_always_the_same_file(model: Path, tmp_path: Path) -> None:
    assert stand_in(tmp_path / "again.onnx").read_bytes() == model.read_bytes()

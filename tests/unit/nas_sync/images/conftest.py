"""The extractor with the stand-in for ResNet-50."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nas_sync.extraction.answers import Answer, Extract, Unreadable
from nas_sync.images import extractor
from scripts.nas_sync.stand_in import NAME, stand_in
from tests.unit.nas_sync.invoking import lines, listen, raw_bucket

__all__ = ["lines", "listen", "raw_bucket"]

Vector = np.ndarray[Any, np.dtype[np.float32]]
Read = Callable[[bytes], Answer]


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stand_in(tmp_path_factory.mktemp("model") / NAME)


@pytest.fixture(scope="session")
def extract(model: Path) -> Extract:
    return extractor.start({"model": str(model), "threads": 1})


@pytest.fixture(scope="session")
def read(tmp_path_factory: pytest.TempPathFactory, extract: Extract) -> Read:
    path = tmp_path_factory.mktemp("image") / "0"  # downloads have no extension

    def read(body: bytes) -> Answer:
        path.write_bytes(body)
        return extract(path, "写真.jpg")

    return read


@pytest.fixture(scope="session")
def look(read: Read) -> Callable[[bytes], Vector]:
    return lambda body: vector_of(read(body))


@pytest.fixture(scope="session")
def reason(read: Read) -> Callable[[bytes], str]:
    def reason(body: bytes) -> str:
        with pytest.raises(Unreadable) as refused:
            read(body)
        assert refused.value.detail
        return refused.value.reason

    return reason


def vector_of(answer: Answer) -> Vector:
    return np.frombuffer(base64.b64decode(answer["vector"]), "<f4")

"""Gives the feature vector of an image, whatever its extension says it is."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
from PIL import Image

from nas_sync.errors import ModelError
from nas_sync.extraction.answers import Answer, Extract
from nas_sync.images.decode import SIDE, decode

FEATURES = 2048
"""Length of a vector: what ResNet-50 gives before its last layer."""

# Of the images that ResNet-50 was trained with, https://pytorch.org/vision/stable/models.html
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float32]]


def start(options: Mapping[str, Any]) -> Extract:
    """Load the model.

    Args:
        options: `model`, its path; `threads`, how many compute.

    Raises:
        ModelError: it isn't a model with 3 × 224 × 224 floats in and 2,048 out.
    """
    session = _session(str(options["model"]), int(options["threads"]))

    def extract(path: Path, _name: str) -> Answer:
        seen = decode(path)
        (found,) = session.run(None, {session.get_inputs()[0].name: _pixels(seen.square)})
        return {
            "status": "indexed",
            "vector": _encoded(found),
            "width": seen.width,
            "height": seen.height,
        }

    return extract


def _session(model: str, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # it would keep what the largest step took
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = onnxruntime.InferenceSession(model, options, ["CPUExecutionProvider"])
        (found,) = session.run(
            None, {session.get_inputs()[0].name: np.zeros((1, 3, SIDE, SIDE), np.float32)}
        )
    except Exception as error:  # onnxruntime's exceptions have no base of their own
        raise ModelError(f"the image model can't be used: {error}") from error
    if found.shape != (1, FEATURES) or found.dtype != np.float32:
        raise ModelError(
            f"the image model gives {found.shape} {found.dtype} for one image, (1, {FEATURES}) "
            "float32 is needed: export it with `make model`"
        )
    return session


def _pixels(square: Image.Image) -> Floats:
    """An image as the model reads it: 1 × 3 × 224 × 224, normalised."""
    values = (np.asarray(square, np.float32) / 255 - _MEAN) / _DEVIATION
    return np.ascontiguousarray(values.transpose(2, 0, 1)[None])


def _encoded(found: Floats) -> str:
    """A vector of length 1, as `records.Result` has it."""
    vector = found[0] / np.linalg.norm(found[0])
    return base64.b64encode(vector.astype("<f4").tobytes()).decode()

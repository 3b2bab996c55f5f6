"""A small model in ResNet-50's place: it knows colours and edges, and nothing about things."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

NAME = "stand-in-2048.onnx"
"""What the file is called, so that nobody takes it for ResNet-50."""

_SIDE, _FEATURES = 224, 2048
_CELL = 28  # pixels of a side of the cells that are averaged: 8 × 8 cells
_EDGES = (  # how brightness changes to the right, downwards, and along both diagonals
    ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)),
    ((-1, -2, -1), (0, 0, 0), (1, 2, 1)),
    ((0, 1, 2), (-1, 0, 1), (-2, -1, 0)),
    ((-2, -1, 0), (-1, 0, 1), (0, 1, 2)),
)


def stand_in(path: Path) -> Path:
    """Write the model, the same bytes on every machine.

    As ResNet-50 without its last layer it takes n × 3 × 224 × 224 floats, normalised as ImageNet's
    are, and gives n × 2,048 floats. It averages colours and edges in 8 × 8 cells and projects them
    at random, which keeps distances: images that look alike in colour and shape are near.

    Args:
        path: of the file, best named `stand-in-2048.onnx`.

    Returns:
        The path.
    """
    cells = (_SIDE // _CELL) ** 2 * (3 + len(_EDGES))
    signs = np.random.RandomState(0).randint(0, 2, (cells, _FEATURES)) * 2 - 1
    edges = np.array([[kernel] * 3 for kernel in _EDGES], np.float32) / 24
    graph = helper.make_graph(
        _steps(),
        "stand-in-2048",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["n", 3, _SIDE, _SIDE])],
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["n", _FEATURES])],
        [
            numpy_helper.from_array(edges, "kernels"),
            numpy_helper.from_array(signs.astype(np.float32), "signs"),
            numpy_helper.from_array(np.full(_FEATURES, 0.01, np.float32), "never_zero"),
        ],
    )
    model = helper.make_model(
        graph, producer_name="batchworks", opset_imports=[helper.make_opsetid("", 17)], ir_version=8
    )
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString(deterministic=True))
    return path


def _steps() -> list[onnx.NodeProto]:
    pool: dict[str, Any] = {"kernel_shape": [_CELL, _CELL], "strides": [_CELL, _CELL]}
    return [
        helper.make_node("AveragePool", ["input"], ["colours"], **pool),
        helper.make_node("Conv", ["input", "kernels"], ["edges"], pads=[1, 1, 1, 1]),
        helper.make_node("Abs", ["edges"], ["strengths"]),
        helper.make_node("AveragePool", ["strengths"], ["outlines"], **pool),
        helper.make_node("Concat", ["colours", "outlines"], ["cells"], axis=1),
        helper.make_node("Flatten", ["cells"], ["row"]),
        helper.make_node("MatMul", ["row", "signs"], ["projected"]),
        helper.make_node("Add", ["projected", "never_zero"], ["features"]),
    ]

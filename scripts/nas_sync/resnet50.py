"""Exports ResNet-50 without its last layer: `python resnet50.py FILE`, where PyTorch is.

It imports nothing of this project: `scripts.nas_sync.model` runs it in an environment of its own.
"""

from __future__ import annotations

import sys

import torch  # type: ignore[import-not-found]
from torchvision.models import (  # type: ignore[import-not-found]
    ResNet50_Weights,
    resnet50,
)


def export(path: str) -> None:
    """Write the model with the weights IMAGENET1K_V2, which torchvision downloads (98 MB).

    Source: https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.resnet50.html
    """
    model = resnet50(weights=ResNet50_Weights.IMAGENET1K_V2)
    model.fc = torch.nn.Identity()
    torch.onnx.export(
        model.eval(),
        (torch.zeros(1, 3, 224, 224),),
        path,
        input_names=["input"],
        output_names=["features"],
        dynamic_axes={"input": {0: "n"}, "features": {0: "n"}},
        opset_version=17,
        dynamo=False,  # the other exporter's files differ from run to run
    )


if __name__ == "__main__":
    export(sys.argv[1])

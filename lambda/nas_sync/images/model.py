"""The image model: data that lies in the raw bucket, checked before it is used."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

from nas_sync.aws import telling
from nas_sync.errors import MissingObject, ModelError
from nas_sync.store import Store

_BLOCK = 1024 * 1024
_REMEDY = "upload it with `make model`, and set its key and SHA-256 in the stack's settings"


def fetch(store: Store, key: str, sha256: str, folder: Path) -> Path:
    """The model as a file, downloaded unless it is there.

    Args:
        store: the raw bucket.
        key: of the model.
        sha256: what its bytes must give, as hex.
        folder: where it is kept; Lambda keeps /tmp as long as an execution environment.

    Raises:
        ModelError: there is none, or it isn't the one that was configured.
        AwsUnavailable: S3 can't just now.
    """
    path = folder / f"nas-sync-model-{sha256.lower()}.onnx"
    if path.exists():
        return path
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".part") as part:
        found = _download(store, key, Path(part.name))
        if found != sha256.lower():
            raise ModelError(
                f"the image model {store.address(key)} has the SHA-256 {found}, configured is "
                f"{sha256}: {_REMEDY}"
            )
        path.hardlink_to(part.name)
    return path


def _download(store: Store, key: str, path: Path) -> str:
    """Write an object to a file; its SHA-256."""
    digest = hashlib.sha256()
    try:
        with telling(f"read {store.address(key)}"), path.open("wb") as file:
            body = store.s3.get_object(Bucket=store.bucket, Key=key)["Body"]
            for block in body.iter_chunks(_BLOCK):
                digest.update(block)
                file.write(block)
    except MissingObject:
        raise ModelError(f"there is no image model {store.address(key)}: {_REMEDY}") from None
    return digest.hexdigest()

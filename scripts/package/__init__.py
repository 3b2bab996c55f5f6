"""Builds the zips that Terraform uploads: `python -m scripts.package [--platform …] [--stack …]`.

| package            | made from                         | holds                    |
| ------------------ | --------------------------------- | ------------------------ |
| `<system>`         | lambda/<system>/                  | `<system>/…`             |
| `layer-batchworks` | layers/batchworks/                | `python/batchworks/…`    |
| `layer-<system>`   | layers/<system>/requirements.txt  | `python/<third party>/…` |
| `<system>-host`    | requirements/<system>.txt         | `wheels/….whl`, their    |
|                    | and this project's own wheel      | list: `requirements.txt` |

A system has further layers where there is a layers/<system>_<name>/requirements.txt.
The same commit gives the same bytes on every machine. A package whose inputs have not changed
is left alone; `packages.json` beside the zips remembers what they were made from.
"""

from scripts.package.building import build
from scripts.package.packages import PackageError, Platform, packages, parts

__all__ = ["PackageError", "Platform", "build", "packages", "parts"]

"""How fast and how large, measured against a named peer in the same run: `make bench`.

A system adds a file with its `BENCHMARKS`, and a line in `__main__.py`.
"""

import sys
from pathlib import Path

_REPOSITORY = Path(__file__).parents[2]
IMPORT_ROOTS = [str(_REPOSITORY / folder) for folder in ("lambda", "layers/batchworks", ".")]
sys.path += IMPORT_ROOTS

"""What operators of nas-sync run from here."""

import sys
from pathlib import Path

_REPOSITORY = Path(__file__).parents[2]

# where Lambda finds these packages in the function and its layer
sys.path += [str(_REPOSITORY / "lambda"), str(_REPOSITORY / "layers" / "batchworks")]

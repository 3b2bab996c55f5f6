"""dynamodb-export by hand: scan a table, partition what was exported, prove that it works."""

import sys
from pathlib import Path

_REPOSITORY = Path(__file__).parents[2]

# where Lambda finds these packages in the function and its layer
sys.path += [str(_REPOSITORY / "lambda"), str(_REPOSITORY / "layers" / "batchworks")]

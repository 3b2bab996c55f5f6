"""What tests of the handler use."""

from tests.unit.nas_sync.invoking import lines, listen, raw_bucket

__all__ = ["lines", "listen", "raw_bucket"]

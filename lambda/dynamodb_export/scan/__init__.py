"""A table, read by parallel segments into one object."""

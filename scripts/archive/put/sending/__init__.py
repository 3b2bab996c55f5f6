"""Send originals: object, row, marker."""

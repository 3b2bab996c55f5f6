"""Archiving: the check, the preview, the way into the bucket."""

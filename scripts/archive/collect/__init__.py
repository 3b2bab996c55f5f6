"""Bring restored files to one folder."""

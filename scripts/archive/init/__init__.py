"""Prepare the database for the archive list."""

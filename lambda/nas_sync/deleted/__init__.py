"""Files that are gone from the NAS: kept in the archive bucket, marked, and out of the index."""

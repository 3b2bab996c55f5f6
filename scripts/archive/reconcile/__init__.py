"""Compare the archive list with the bucket."""

"""Archive the files a request names."""

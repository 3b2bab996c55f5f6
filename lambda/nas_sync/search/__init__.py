"""OpenSearch: how it is reached, what its indices are, what is written to them and found there."""

"""Reading the lists that people write."""

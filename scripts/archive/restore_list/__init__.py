"""A list of what to restore or collect: what it selects, and what it doesn't."""

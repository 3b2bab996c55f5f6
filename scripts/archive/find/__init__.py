"""Look archived files up."""

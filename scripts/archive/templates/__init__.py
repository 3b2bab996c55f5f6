"""Excel templates of the two lists that requesters fill in."""

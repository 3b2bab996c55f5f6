"""Whether a batch did what it had to: before anything is indexed, and in the end."""

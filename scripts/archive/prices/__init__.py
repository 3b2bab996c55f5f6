"""What archiving and restoring cost."""

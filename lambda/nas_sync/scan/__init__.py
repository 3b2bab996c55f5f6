"""What changed on the NAS since the last batch that was reconciled."""

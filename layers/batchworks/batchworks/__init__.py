"""What every batch job shares: errors, logs that keep secrets, settings."""

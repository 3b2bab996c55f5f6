"""What people are told about a run, and how it reaches Slack."""

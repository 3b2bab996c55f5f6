"""sync-batch: yesterday's YouTube numbers in PostgreSQL every morning."""

JOB = "sync-batch"

"""nas-sync: what changed on the NAS this month becomes searchable, and what went is archived."""

SERVICE = "nas-sync"
STATE_MACHINE = "CIS-Monthly-Batch-Sync"

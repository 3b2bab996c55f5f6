"""DataSync: moto's tasks copy nothing, and much of what is set for them is lost.

Its agents don't exist, its ARNs are of another account. Here the requests are read; what they set
in motion is in `scripts.local_aws.transfers`.
"""

from scripts.local_aws.extensions.datasync import agents, executions, locations, tags, tasks

__all__ = ["agents", "executions", "locations", "tags", "tasks"]

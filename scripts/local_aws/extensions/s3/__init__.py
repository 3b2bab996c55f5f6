"""S3: moto believes checksums, writes without regard to other writers, and restores at once.

Each module here begins with what it completes.
"""

from scripts.local_aws.extensions.s3 import (
    checksums,
    conditional_writes,
    configurations,
    copies,
    listings,
    locks,
    permissions,
    restores,
    uploads,
    versions,
)

__all__ = [
    "checksums",
    "conditional_writes",
    "configurations",
    "copies",
    "listings",
    "locks",
    "permissions",
    "restores",
    "uploads",
    "versions",
]

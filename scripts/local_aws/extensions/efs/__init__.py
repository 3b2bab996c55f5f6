"""EFS: moto's mount targets take no time, and some settings of file systems are missing.

Each module here begins with what it completes.
"""

from scripts.local_aws.extensions.efs import file_systems, mount_targets, permissions

__all__ = ["file_systems", "mount_targets", "permissions"]

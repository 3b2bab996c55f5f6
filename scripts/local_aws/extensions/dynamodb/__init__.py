"""DynamoDB: moto exports at once and without manifests, keeps no history, and scans slowly.

Each module here begins with what it completes.
"""

from scripts.local_aws.extensions.dynamodb import backups, exports, scans, writes

__all__ = ["backups", "exports", "scans", "writes"]

"""DynamoDB: moto exports at once and without manifests, keeps no history, and reads slowly.

Each module here begins with what it completes.
"""

from scripts.local_aws.extensions.dynamodb import answers, backups, exports, scans, writes

__all__ = ["answers", "backups", "exports", "scans", "writes"]

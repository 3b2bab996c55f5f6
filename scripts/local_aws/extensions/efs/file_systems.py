"""File systems: moto lacks PutBackupPolicy, DeleteFileSystemPolicy and UpdateFileSystem.

And its file systems hold no files; here each is a folder.
"""

from __future__ import annotations

import json
from typing import Any

from moto.efs.models import EFSBackend, FileSystem
from moto.efs.responses import EFSResponse

from scripts.local_aws.file_systems import FILE_SYSTEMS
from scripts.local_aws.patching import add, replace

Answer = tuple[str, dict[str, Any]]

_create = EFSBackend.create_file_system
_delete = EFSBackend.delete_file_system
_describe_backup_policy = EFSBackend.describe_backup_policy


@replace(EFSBackend)
def create_file_system(self: EFSBackend, *args: Any, **settings: Any) -> FileSystem:
    """Create a file system, without files."""
    created = _create(self, *args, **settings)
    FILE_SYSTEMS.create(created.file_system_id)
    return created


@replace(EFSBackend)
def delete_file_system(self: EFSBackend, file_system_id: str) -> None:
    """Delete a file system and all files in it."""
    _delete(self, file_system_id)
    FILE_SYSTEMS.delete(file_system_id)


@replace(EFSBackend)
def describe_backup_policy(self: EFSBackend, file_system_id: str) -> dict[str, str]:
    """What was put last, also if that was to make no backups."""
    put: dict[str, str] | None = vars(_find(self, file_system_id)).get("_backup_policy")
    return put or _describe_backup_policy(self, file_system_id)


@add(EFSResponse)
def put_backup_policy(self: EFSResponse) -> Answer:
    """Switch backups on or off."""
    found: Any = _find(self.efs_backend, self._get_param("FileSystemId"))
    found._backup_policy = self._get_param("BackupPolicy")
    return _answer(200, {"BackupPolicy": found._backup_policy})


@add(EFSResponse)
def delete_file_system_policy(self: EFSResponse) -> Answer:
    """Drop the policy of a file system."""
    _find(self.efs_backend, self._get_param("FileSystemId")).file_system_policy = None
    return _answer(200, {})


@add(EFSResponse)
def update_file_system(self: EFSResponse) -> Answer:
    """Change the throughput."""
    found = _find(self.efs_backend, self._get_param("FileSystemId"))
    found.throughput_mode = self._get_param("ThroughputMode") or found.throughput_mode
    provisioned = self._get_param("ProvisionedThroughputInMibps")
    found.provisioned_throughput_in_mibps = provisioned
    return _answer(202, found.info_json())


def _find(backend: EFSBackend, file_system_id: str) -> FileSystem:
    _, [found] = backend.describe_file_systems(file_system_id=file_system_id)
    return found


def _answer(status: int, body: dict[str, Any]) -> Answer:
    return json.dumps(body), {"status": status, "Content-Type": "application/json"}

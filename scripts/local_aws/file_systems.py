"""Where the files of EFS file systems are: a folder of this machine for each."""

from __future__ import annotations

import shutil
from pathlib import Path

FOLDER = "efs"
"""Within the home of the local AWS."""


def folder_of(home: Path, file_system_id: str) -> Path:
    """The folder that holds the files of a file system."""
    return home / FOLDER / file_system_id


class FileSystems:
    """The folders of the file systems that there are."""

    def __init__(self) -> None:
        self._home = Path()

    def start(self, home: Path) -> None:
        """Begin without a file."""
        self._home = home
        shutil.rmtree(home / FOLDER, ignore_errors=True)

    def create(self, file_system_id: str) -> None:
        """Make the folder of a new file system."""
        self.folder(file_system_id).mkdir(parents=True)

    def delete(self, file_system_id: str) -> None:
        """Delete all files of a file system."""
        shutil.rmtree(self.folder(file_system_id), ignore_errors=True)

    def folder(self, file_system_id: str) -> Path:
        """The folder that holds the files of a file system."""
        return folder_of(self._home, file_system_id)


FILE_SYSTEMS = FileSystems()

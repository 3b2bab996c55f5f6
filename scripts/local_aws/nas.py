"""Where the files of a company's NAS are: a folder of this machine for each server."""

from __future__ import annotations

from pathlib import Path

FOLDER = "nas"
"""Within the home of the local AWS; what lies there is not the local AWS's, and stays."""


def folder_on_nas(home: Path, server: str, subdirectory: str) -> Path:
    """The folder that holds what a location of DataSync sees."""
    return home / FOLDER / server / subdirectory.strip("/")


class Nas:
    """The servers that there are."""

    def __init__(self) -> None:
        self._home = Path()

    def start(self, home: Path) -> None:
        """Find the servers' folders in the home of the local AWS."""
        self._home = home

    def folder(self, server: str, subdirectory: str) -> Path:
        """The folder that holds what a location of DataSync sees."""
        return folder_on_nas(self._home, server, subdirectory)


NAS = Nas()

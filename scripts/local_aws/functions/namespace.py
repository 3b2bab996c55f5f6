"""Lets a process see a folder at a path of its choice, which nobody else sees there.

As a mount namespace, which Linux gives to root, and to others together with a user namespace:
https://man7.org/linux/man-pages/man7/mount_namespaces.7.html
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_ROOT = Path("/mnt")
_COVER = f"mount -t tmpfs tmpfs {_ROOT}"
_NAMESPACES = (("unshare", "--mount"), ("unshare", "--user", "--map-root-user", "--mount"))
_PROBE_LIMIT = 10.0  # seconds


class NamespaceError(Exception):
    """This machine can't show a process a folder at another path."""


@dataclass(frozen=True)
class Mount:
    """A folder that a process sees at another path.

    Attributes:
        folder: Where it is.
        path: Where the process sees it: directly in /mnt.
        read_only: Whether the process can't change it.
    """

    folder: Path
    path: Path
    read_only: bool

    def around(self, command: Sequence[str | Path], needed: Sequence[Path]) -> list[str | Path]:
        """The command that runs another one which sees the mount.

        What else the machine has in /mnt is hidden from it, unless it needs something there.

        Args:
            needed: What the command reads besides, absolute.

        Raises:
            NamespaceError: The machine doesn't allow it, or there is nothing to mount on.
        """
        steps = ["set -e", *self._mount_point([*needed, self.folder])]
        steps.append('mount --rbind "$1" "$2"')
        if self.read_only:
            steps.append('mount -o remount,bind,ro "$2"')
        script = "\n".join([*steps, "shift 2", 'exec "$@"'])
        return [*_namespace(), "sh", "-c", script, "sh", self.folder, self.path, *command]

    def _mount_point(self, needed: Sequence[Path]) -> list[str]:
        in_the_way = next((each for each in needed if each.is_relative_to(_ROOT)), None)
        if in_the_way is None:
            return [_COVER, 'mkdir "$2"']
        if self.path.is_dir():
            return []
        raise NamespaceError(
            f"there is no folder {self.path} to mount on, and {_ROOT} can't be covered because "
            f"{in_the_way} is in it: make the folder {self.path}"
        )


@cache
def _namespace() -> tuple[str, ...]:
    for wanted in _NAMESPACES:
        if _works([*wanted, "sh", "-c", _COVER]):
            return wanted
    raise NamespaceError(
        f"a function with a file system needs a mount namespace, which {sys.platform} here doesn't "
        "give: run it on Linux as root, or where users may have namespaces "
        "(sysctl kernel.apparmor_restrict_unprivileged_userns=0 on Ubuntu)"
    )


def _works(command: list[str]) -> bool:
    try:
        done = subprocess.run(command, capture_output=True, timeout=_PROBE_LIMIT, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0

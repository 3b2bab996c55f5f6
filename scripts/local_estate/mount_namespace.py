"""Programs that mount, on this machine: in a mount namespace of their own, folders in place of EFS.

mount(8) runs the helper `/sbin/mount.efs` for file systems of type efs. In the namespace that is a
script which binds the folder `<folders>/<address of the mount target>` to the mount point; a
folder that isn't there is a mount target that can't be mounted, and a program in its place is run
with the helper's arguments. The machine's own mounts stay as they are.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path

# mount(8) calls: mount.efs <file system>:/ <mount point> -o <options>
_HELPER = """\
#!/bin/sh
address=$(printf %s "$*" | sed -n 's/.*mounttargetip=\\([^, ]*\\).*/\\1/p')
from={folders}/$address
if [ -f "$from" ]; then exec "$from" "$@"; fi
if [ ! -d "$from" ]; then
    echo "mount.nfs4: Connection timed out: no mount target at $address" >&2
    exit 32
fi
exec mount --bind "$from" "$2"
"""
_ENTER = 'mount --bind "$1" /sbin && shift && exec "$@"'


def command(program: Sequence[str | Path], folders: Path, scratch: Path) -> list[str]:
    """What to run in place of a program, so that its mounts of EFS are folders.

    The program is process 1 of a process namespace: with it ends all that it started.

    Args:
        program: an executable's full path, and arguments.
        folders: holds a folder per mount target, named as its address. The same folder under
            several names, by links, is one file system behind several mount targets.
        scratch: an existing folder for the helper.
    """
    helper = scratch / "mount.efs"
    helper.write_text(_HELPER.format(folders=shlex.quote(str(folders))))
    helper.chmod(0o755)
    return [*_unshare(), "sh", "-c", _ENTER, "sh", str(scratch), *map(str, program)]


def refusal() -> str:
    """Why this machine allows no mounts in a namespace; empty if it does."""
    try:
        done = subprocess.run(
            [*_unshare(), "mount", "--bind", "/sbin", "/sbin"],
            check=False,
            capture_output=True,
            text=True,
        )
    except FileNotFoundError:
        return "there is no unshare(1)"
    return done.stderr.strip() if done.returncode else ""


def _unshare() -> list[str]:
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *user, "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]

r"""Where an original is: the path people write, the key in S3, the place where it is mounted.

| people write            | `\\fsx-server-name\share\project1\data1.txt` |
| ----------------------- | -------------------------------------------- |
| key in S3, our identity | `fsx-server-name/share/project1/data1.txt`   |
| here                    | `/mnt/fsx/project1/data1.txt`                |
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

KEY_LIMIT = 1024
"""Most bytes of a key in UTF-8.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
"""


class PathError(ValueError):
    """A written path names no place on a share; `reason` and `remedy` are for people."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason}。{remedy}")
        self.reason = reason
        self.remedy = remedy


@dataclass(frozen=True)
class Shares:
    r"""The shares this host can reach.

    Args:
        mounts: folder on this host by `server/share`, spelled as keys in S3 begin.
    """

    mounts: Mapping[str, Path]

    def key(self, written: str) -> str:
        r"""The key of what a person wrote: a UNC path, or a path below one of the mounts.

        Server and share get the spelling of the settings, whatever case they were written in;
        everything below is kept as it is.

        Raises:
            PathError: it is no full path, its share is not in the settings, or it holds `..`.
        """
        parts = [part for part in re.split(r"[\\/]+", written) if part]
        if re.match(r"[\\/]{2}[^\\/]", written):
            return self._joined(self._share(parts), parts[2:])
        for share, mount in self.mounts.items():
            steps = [part for part in re.split(r"[\\/]+", str(mount)) if part]
            if Path(written).is_absolute() and parts[: len(steps)] == steps:
                return self._joined(share, parts[len(steps) :])
        raise PathError(
            "フルパスではありません",
            r"\\サーバー名\共有名\フォルダー の形で書いてください",
        )

    def local(self, key: str) -> Path:
        """The place on this host of what a key names."""
        share, _, rest = _split(key)
        mount = self.mounts[share]
        base = Path(verbatim(str(mount))) if sys.platform == "win32" else mount
        return base.joinpath(*rest)

    def _share(self, parts: list[str]) -> str:
        wanted = "/".join(parts[:2])
        for share in self.mounts:
            if len(parts) >= 2 and _alike(share) == _alike(wanted):
                return share
        known = "、".join(unc(share) for share in self.mounts)
        raise PathError(
            rf"共有 \\{wanted.replace('/', chr(92))} は設定にありません",
            f"使える共有は {known} です。設定 ARCHIVE_SHARES を確認してください",
        )

    def _joined(self, share: str, rest: list[str]) -> str:
        if ".." in rest or "." in rest:
            raise PathError("パスに「.」または「..」が含まれています", "省略せずに書いてください")
        return "/".join([share, *rest])


def unc(key: str) -> str:
    r"""The path people know: `\\server\share\…`."""
    return "\\\\" + key.replace("/", "\\")


def verbatim(path: str) -> str:
    r"""A full path of Windows in the form that takes 32,767 characters and names such as `a. `.

    Source: https://learn.microsoft.com/windows/win32/fileio/naming-a-file#win32-file-namespaces
    """
    if path.startswith("\\\\?\\"):
        return path
    if path.startswith("\\\\"):
        return "\\\\?\\UNC\\" + path[2:]
    return "\\\\?\\" + path


def key_of(path: str) -> str:
    """The key of a path in the form that `unc` gives."""
    return path.removeprefix("\\\\").replace("\\", "/")


def directory(key: str) -> str:
    """The directory of a file, as people know it."""
    return unc(key.rpartition("/")[0])


def name(key: str) -> str:
    """The name of a file or directory."""
    return key.rpartition("/")[2]


def _alike(share: str) -> str:
    return unicodedata.normalize("NFC", share).casefold()


def _split(key: str) -> tuple[str, str, list[str]]:
    server, share, *rest = key.split("/")
    return f"{server}/{share}", share, rest

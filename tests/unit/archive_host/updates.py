"""A host that follows its parameter, in a folder."""

from __future__ import annotations

import hashlib
import subprocess
import zipfile
from pathlib import Path

from tests import wheels
from tests.unit.archive_host.host import LISTS, PARAMETER, PROGRAMS, REGION, Host

PATHS = (
    "/etc/batchworks",
    "/etc/systemd/system",
    "/opt/archive",
    "/run/archive-update",
    "/usr/local/bin",
    "/var/tmp",
)
NEEDED = ("flock", "jq", "systemd-escape", "unzip")


class Updated:
    """A host in a folder: the program is the real one, with its paths below that folder."""

    def __init__(self, host: Host, venv: Path) -> None:
        self.host = host
        self.root = host.folder
        self.etc = self.root / "etc/batchworks"
        self.units = self.root / "etc/systemd/system"
        for folder in (self.etc, self.units, self.root / "opt/archive", self.root / "usr/local/bin",
                       self.root / "run", self.root / "var/tmp"):  # fmt: skip
            folder.mkdir(parents=True)
        (self.etc / "host.env").write_text(
            f"AWS_DEFAULT_REGION='{REGION}'\nARCHIVE_HOST='keeper'\nARCHIVE_CONFIGURATION='{PARAMETER}'\n"
        )
        text = (PROGRAMS / "archive-update").read_text()
        for path in PATHS:
            assert path in text
            text = text.replace(path, f"{self.root}{path}")
        self.program = self.root / "archive-update"
        self.program.write_text(text)
        self.program.chmod(0o755)
        host.stand_in("python3.13", f'cp -r "{venv}" "$3"')  # -m venv FOLDER
        host.stand_in("chgrp", "")
        host.stand_in("install", 'mkdir -p "${@: -1}"')  # the groups are the host's
        for name in ("systemctl", "runuser"):
            host.stand_in(
                name, f'[[ $1 == is-active ]] && exit 1; echo "{name} $*" >> "{self.log}"'
            )

    @property
    def log(self) -> Path:
        return self.root / "calls.txt"

    def calls(self) -> list[str]:
        """What systemctl and runuser were asked for since the last look."""
        said = self.log.read_text().splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return said

    def update(self) -> subprocess.CompletedProcess[str]:
        return self.host.run(self.program)

    def updated(self) -> str:
        done = self.update()
        assert done.returncode == 0, done.stderr
        return done.stdout

    def archive(self) -> str:
        """What the installed command answers."""
        command = self.root / "usr/local/bin/archive"
        return subprocess.run([command], check=True, capture_output=True, text=True).stdout.strip()


def package(folder: Path, says: str) -> tuple[Path, dict[str, str]]:
    """Make a package whose command says something; the zip, and what the parameter says of it."""
    wheel = wheels.wheel(
        folder / says,
        "keeping",
        {"keeping-1.0.data/scripts/archive": f"#!python\nprint({says!r})\n"},
    )
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    path = folder / f"{says}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(wheel, f"wheels/{wheel.name}")
        archive.writestr("requirements.txt", f"keeping==1.0 --hash=sha256:{digest}\n")
    return path, described(path)


def described(path: Path) -> dict[str, str]:
    """What the parameter says of a package."""
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return {"bucket": LISTS, "key": f"packages/{path.name}", "sha256": sha256}

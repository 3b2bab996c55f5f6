"""archive-host-setup: no volume with anything on it is formatted; a second run is harmless."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.unit.archive_host.host import PROGRAMS, Host

PATHS = (
    "/etc/batchworks",
    "/etc/fstab",
    "/etc/systemd/system",
    "/srv/",
    "/opt/archive",
    "/var/lib",
)
SILENT = ("chown", "useradd", "mountpoint", "systemctl", "runuser")


class NewMachine:
    """A machine in a folder: the program is the real one, its paths lie below that folder."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.root = host.folder
        self.device = self.root / "volume"
        self.device.touch()
        for folder in ("etc/batchworks", "etc/systemd/system", "srv", "var/lib/pgsql"):
            (self.root / folder).mkdir(parents=True)
        (self.root / "etc/fstab").touch()
        (self.root / "etc/batchworks/host.env").write_text(
            f"ARCHIVE_HOST='keeper'\nARCHIVE_DATA_DEVICE='{self.device}'\n"
        )
        text = (PROGRAMS / "archive-host-setup").read_text().replace("[[ -b $", "[[ -e $")
        for path in PATHS:
            assert path in text
            text = text.replace(path, f"{self.root}{path}")
        self.program = self.root / "archive-host-setup"
        self.program.write_text(text)
        self.program.chmod(0o755)
        for name in SILENT:
            host.stand_in(name, f'echo "{name} $*" >> "{self.root}/calls.txt"')
        host.stand_in("id", "exit 1")
        host.stand_in("install", 'mkdir -p "${@: -1}"')
        host.stand_in("mkfs.xfs", f'echo formatted >> "{self.root}/formatted.txt"')
        data = self.data
        host.stand_in(
            "postgresql-setup",
            f'mkdir "{data}" && touch "{data}"/{{PG_VERSION,postgresql.conf}}'
            f' && echo "$PGSETUP_INITDB_OPTIONS" > "{self.root}/initialised.txt"',
        )

    @property
    def data(self) -> Path:
        return self.root / "var/lib/pgsql/data"

    def finds(self, blkid: int) -> None:
        """Say what blkid ends with: 0 something is there, 2 nothing, else it can't tell."""
        self.host.stand_in("blkid", f"exit {blkid}")

    def set_up(self) -> subprocess.CompletedProcess[str]:
        return self.host.run(self.program)

    def has(self, name: str) -> bool:
        return (self.root / name).exists()


@pytest.fixture
def machine(host: Host) -> NewMachine:
    return NewMachine(host)


def test_an_empty_volume_becomes_a_database(machine: NewMachine) -> None:
    machine.finds(2)

    done = machine.set_up()

    assert done.returncode == 0, done.stderr
    assert "archive host keeper is ready" in done.stdout
    assert machine.has("formatted.txt")
    assert "--encoding=UTF8" in (machine.root / "initialised.txt").read_text()
    assert (machine.data / "conf.d/host.conf").read_text() == "listen_addresses = ''\n"
    access = (machine.data / "pg_hba.conf").read_text().splitlines()
    assert all(line.split()[0] == "local" and " peer" in line for line in access)
    drop_in = machine.root / "etc/systemd/system/postgresql.service.d/volume.conf"
    assert "RequiresMountsFor=" in drop_in.read_text()


def test_a_volume_in_use_is_kept_with_its_database(machine: NewMachine) -> None:
    machine.finds(0)
    machine.data.mkdir()
    (machine.data / "PG_VERSION").write_text("17")
    (machine.data / "postgresql.conf").touch()

    done = machine.set_up()

    assert done.returncode == 0, done.stderr
    assert not machine.has("formatted.txt")
    assert not machine.has("initialised.txt")


@pytest.mark.parametrize("code", [1, 4, 8])
def test_a_volume_nobody_can_read_is_not_formatted(machine: NewMachine, code: int) -> None:
    machine.finds(code)

    done = machine.set_up()

    assert done.returncode != 0
    assert "not formatted" in done.stderr
    assert not machine.has("formatted.txt")
    assert not machine.has("initialised.txt")


def test_a_second_run_changes_nothing(machine: NewMachine) -> None:
    machine.finds(2)
    machine.set_up()
    files = {
        path: path.read_text()
        for folder in ("etc", "var")
        for path in (machine.root / folder).rglob("*")
        if path.is_file()
    }
    machine.finds(0)

    done = machine.set_up()

    assert done.returncode == 0, done.stderr
    assert {path: path.read_text() for path in files} == files
    assert (machine.root / "formatted.txt").read_text() == "formatted\n"


def test_services_are_started(machine: NewMachine) -> None:
    machine.finds(2)
    machine.set_up()

    calls = (machine.root / "calls.txt").read_text()

    assert "systemctl enable --now archive-update.timer archive-dump.timer" in calls
    assert "systemctl start archive-update.service archive-page.service" in calls
    assert "runuser -u postgres -- /usr/local/sbin/archive-database" in calls

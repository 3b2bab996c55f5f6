"""archive-update: what the SSM parameter says becomes what the host is."""

from __future__ import annotations

import json
import stat
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from scripts.archive import settings
from tests.unit.archive_host.host import REGION, Aws, Host, tool
from tests.unit.archive_host.updates import NEEDED, Updated, described, package


def upload(aws: Aws, path: Path) -> None:
    target = aws.bucket / "packages" / path.name
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(path.read_bytes())


def uploaded(machine: Updated, says: str) -> dict[str, str]:
    """Put a package into S3; what the parameter says of it."""
    path, description = package(machine.root, says)
    upload(machine.host.aws, path)
    return description


def configure(aws: Aws, configuration: Mapping[str, Any]) -> None:
    aws.configure(json.dumps(configuration))


@pytest.fixture
def machine(host: Host, empty_venv: Path) -> Updated:
    """A host whose parameter names a package and two shares, and that has not looked yet."""
    missing = [name for name in NEEDED if tool(name) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)}: the host has them, this machine hasn't")
    return Updated(host, empty_venv)


@pytest.fixture
def configuration(machine: Updated) -> dict[str, Any]:
    aws = machine.host.aws
    password = 'pa ss"\\$(w)%=日本'
    smb = {"username": "archiver", "password": password, "domain": "CORP"}
    arn = aws.secret("smb", json.dumps(smb))
    given = {
        "package": uploaded(machine, "first"),
        "settings": {
            "AWS_REGION": REGION,
            "ARCHIVE_BUCKET": "kept",
            "ARCHIVE_MARKER_SUFFIX": "_保管 済$HOME.txt",
            "ARCHIVE_SHARES": "//fsx/share=/srv/shares/main;//fsx/営業 共有$=/srv/shares/sales",
            "DB_HOST": "/var/run/postgresql",
        },
        "page": {"login_secret_arn": None, "port": 8501},
        "shares": [
            {"source": "//fsx/share", "mount": "/srv/shares/main", "secret_arn": arn},
            {"source": "//fsx/営業 100%$", "mount": "/srv/shares/sales-2", "secret_arn": arn},
        ],
    }
    configure(aws, given)
    return given


def test_a_new_host_becomes_what_its_parameter_says(
    machine: Updated, configuration: dict[str, Any]
) -> None:
    assert configuration["package"]["sha256"] in machine.updated()

    assert machine.archive() == "first"
    assert machine.calls() == [
        "systemctl daemon-reload",
        "systemctl enable --now --quiet srv-shares-main.automount",
        r"systemctl enable --now --quiet srv-shares-sales\x2d2.automount",
        f"runuser -u archive -- {machine.root}/usr/local/bin/archive init --reader archive_reader",
        "systemctl try-restart archive-page.service",
    ]
    assert (machine.etc / "page.env").read_text() == "ARCHIVE_PAGE_PORT='8501'\n"
    assert list((machine.root / "var/tmp").iterdir()) == []


def test_the_command_understands_its_settings(
    machine: Updated, configuration: dict[str, Any]
) -> None:
    machine.updated()

    found = settings.load({}, machine.etc / "archive.env")

    assert found.bucket == "kept"
    assert found.marker_suffix == configuration["settings"]["ARCHIVE_MARKER_SUFFIX"]
    assert found.shares.mounts == {
        "fsx/share": Path("/srv/shares/main"),
        "fsx/営業 共有$": Path("/srv/shares/sales"),
    }
    assert found.database.host == "/var/run/postgresql"


@pytest.mark.usefixtures("configuration")
def test_shares_are_mounted_with_names_as_they_are(machine: Updated) -> None:
    machine.updated()

    mount = (machine.units / r"srv-shares-sales\x2d2.mount").read_text()
    assert "What=//fsx/営業 100%%$\n" in mount
    assert "Where=/srv/shares/sales-2\n" in mount
    for option in ("vers=3.1.1", "seal", "iocharset=utf8", "nomapposix", "uid=archive", "noexec"):
        assert f",{option}" in mount
    credentials = machine.etc / "credentials" / "sales-2"
    assert f"Options=credentials={credentials}," in mount
    assert stat.S_IMODE(credentials.stat().st_mode) == 0o600
    assert credentials.read_text() == (
        'username=archiver\npassword=pa ss"\\$(w)%=日本\ndomain=CORP\n'
    )


@pytest.mark.usefixtures("configuration")
def test_a_host_that_is_right_is_left_alone(machine: Updated) -> None:
    machine.updated()
    machine.calls()
    files = {path: path.stat().st_mtime_ns for path in machine.etc.rglob("*") if path.is_file()}

    assert machine.updated() == ""

    assert not any("restart" in call or "runuser" in call for call in machine.calls())
    assert {path: path.stat().st_mtime_ns for path in files} == files


def test_a_new_package_replaces_the_old_one_which_runs_on(
    machine: Updated, configuration: dict[str, Any]
) -> None:
    machine.updated()
    running = (machine.root / "opt/archive/current").resolve() / "bin" / "archive"
    configure(
        machine.host.aws,
        {**configuration, "package": uploaded(machine, "second")},
    )
    machine.calls()

    machine.updated()

    assert machine.archive() == "second"
    assert subprocess.run([running], check=True, capture_output=True).stdout == b"first\n"
    assert "systemctl try-restart archive-page.service" in machine.calls()


def test_another_package_than_the_one_named_is_refused(
    machine: Updated, configuration: dict[str, Any]
) -> None:
    machine.updated()
    other = {**configuration["package"], "sha256": "0" * 64}
    configure(machine.host.aws, {**configuration, "package": other})

    done = machine.update()

    assert done.returncode != 0
    assert "not the one whose SHA-256" in done.stderr
    assert machine.archive() == "first"


def test_a_wheel_that_is_not_listed_is_not_installed(
    machine: Updated, configuration: dict[str, Any]
) -> None:
    aws = machine.host.aws
    path = machine.root / "first.zip"
    with zipfile.ZipFile(path) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".whl")]
        body = archive.read(name)
    forged = machine.root / "forged.zip"
    with zipfile.ZipFile(forged, "w") as archive:
        archive.writestr(name, body)
        archive.writestr("requirements.txt", f"keeping==1.0 --hash=sha256:{'0' * 64}\n")
    upload(aws, forged)
    configure(
        aws,
        {
            **configuration,
            "package": described(forged),
        },
    )

    done = machine.update()

    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr
    assert not (machine.root / "usr/local/bin/archive").exists()


@pytest.mark.usefixtures("configuration")
def test_what_did_not_take_effect_is_done_the_next_time(machine: Updated) -> None:
    machine.host.stand_in("runuser", "echo 'the database is down' >&2; exit 1")
    assert machine.update().returncode != 0
    machine.host.stand_in("runuser", f'echo "runuser $*" >> "{machine.log}"')
    machine.calls()

    machine.updated()

    assert "systemctl try-restart archive-page.service" in machine.calls()


@pytest.mark.usefixtures("configuration")
def test_a_secret_that_cannot_be_read_leaves_the_old_password(machine: Updated) -> None:
    machine.updated()
    credentials = machine.etc / "credentials" / "main"
    before = credentials.read_text()
    (machine.host.aws.folder / "secrets" / "smb").unlink()

    done = machine.update()

    assert done.returncode != 0
    assert "ResourceNotFoundException" in done.stderr
    assert credentials.read_text() == before


def test_a_share_that_is_gone_takes_its_password_along(
    machine: Updated, configuration: dict[str, Any]
) -> None:
    machine.updated()
    configure(machine.host.aws, {**configuration, "shares": configuration["shares"][:1]})
    machine.calls()

    machine.updated()

    assert [path.name for path in (machine.etc / "credentials").iterdir()] == ["main"]
    assert {path.stem for path in machine.units.iterdir()} == {"srv-shares-main"}
    assert (
        r"systemctl disable --now --quiet srv-shares-sales\x2d2.automount "
        r"srv-shares-sales\x2d2.mount" in machine.calls()
    )


def test_the_pages_login_comes_and_goes(machine: Updated, configuration: dict[str, Any]) -> None:
    login = machine.etc / "page" / ".streamlit" / "secrets.toml"
    arn = machine.host.aws.secret("login", '[auth]\nclient_id = "日本"\n')
    page = {"login_secret_arn": arn, "port": 8501}
    configure(machine.host.aws, {**configuration, "page": page})
    machine.updated()
    assert login.read_text() == '[auth]\nclient_id = "日本"\n'
    assert stat.S_IMODE(login.stat().st_mode) == 0o640

    configure(machine.host.aws, configuration)
    machine.updated()

    assert not login.exists()

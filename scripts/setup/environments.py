"""Python environments that hold exactly what a lock file names.

An environment carries a stamp: the SHA-256 of its lock and of its interpreter's version. The
stamp goes before anything is changed and comes back when all is done, so an interrupted
set-up is simply repeated, and a finished one costs nothing.
"""

import os
import shutil
import sys
from pathlib import Path

from scripts.files import ROOT, fingerprint
from scripts.setup.console import TOOLS, SetupError, answer, run, say, step

REQUIREMENTS = ROOT / "requirements"
WORKING = ROOT / ".venv"
LAMBDA_RUNTIME = ROOT / ".local" / "lambda-runtime"
CHECKOV = TOOLS / "checkov"

_VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"


def python_of(environment: Path) -> Path:
    """Return the interpreter of an environment, which need not exist."""
    return environment / "bin" / "python"


def working() -> None:
    """Make `.venv`: everything the commands, the tests and the linters import."""
    install(WORKING, REQUIREMENTS / "dev.txt", python=Path(sys.executable))


def lambda_runtime() -> None:
    """Make the interpreter of the local Lambda, with only what Lambda itself provides.

    A package missing from a layer then fails here as it would in AWS. It is the same Python
    as `.venv`, for which `scripts.package` picks the wheels of local layers.

    Raises:
        SetupError: `.venv` is missing.
    """
    python = python_of(WORKING)
    if answer([python, "-c", _VERSION]) is None:
        raise SetupError("the local Lambda runtime needs .venv first: run `make setup`")
    install(LAMBDA_RUNTIME, REQUIREMENTS / "lambda-runtime.txt", python=python)


def checkov() -> None:
    """Make checkov's own environment: its pinned dependencies contradict ours."""
    install(CHECKOV, REQUIREMENTS / "checkov.txt", python=Path(sys.executable))


def install(environment: Path, lock: Path, *, python: Path) -> None:
    """Make an environment hold exactly what `lock` names, with a Python like `python`.

    An environment whose Python still works and has the same version is kept and adjusted.

    Raises:
        SetupError: A package or the tool to install it cannot be had.
    """
    version = answer([python, "-c", _VERSION]) or ""
    wanted = fingerprint(lock.read_bytes(), version)
    stamp = environment / ".lock.sha256"
    current = answer([python_of(environment), "-c", _VERSION])
    if current == version and stamp.is_file() and stamp.read_text() == wanted:
        stamp.touch()
        say(f"{environment.name} is up to date")
        return

    uv = _uv()
    with step(f"{environment.name} from {lock.name}, Python {version}"):
        stamp.unlink(missing_ok=True)
        if current != version:
            shutil.rmtree(environment, ignore_errors=True)
            _uv_run(uv, "venv", "--quiet", "--python", python, environment)
        _uv_run(
            uv, "pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode",
            "--python", python_of(environment), lock,
        )  # fmt: skip
        stamp.write_text(wanted)


def _uv_run(uv: Path | str, *arguments: Path | str) -> None:
    """Run uv with the system's certificates and without downloading an interpreter."""
    settings = {"UV_SYSTEM_CERTS": "1", "UV_PYTHON_DOWNLOADS": "never"}
    env = {**os.environ, **settings}
    env.pop("VIRTUAL_ENV", None)
    run([uv, *arguments], env=env)


def _uv() -> Path | str:
    """Return uv from PATH, or else the pinned one, installed by pip beside the other tools."""
    if answer(["uv", "--version"]):
        return "uv"
    pinned = TOOLS / "uv" / "bin" / "uv"
    if answer([pinned, "--version"]):
        return pinned
    with step("uv is not in PATH: getting the pinned one with pip"):
        shutil.rmtree(TOOLS / "uv", ignore_errors=True)
        try:
            run([sys.executable, "-m", "venv", TOOLS / "uv"])
        except SetupError as error:
            major_minor = f"{sys.version_info.major}.{sys.version_info.minor}"
            raise SetupError(
                f"{sys.executable} cannot make environments. Install uv, or the package that "
                f"has Python's venv (Debian, Ubuntu: apt install python{major_minor}-venv)"
            ) from error
        pip = TOOLS / "uv" / "bin" / "pip"
        run([pip, "install", "--quiet", "--require-hashes", "-r", REQUIREMENTS / "uv.txt"])
    return pinned

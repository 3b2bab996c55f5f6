"""Collects the jars of OpenSearch, once: they are kept until what they are made from changes.

And an archive of the classes that a node loads (class data sharing): it halves the start.
"""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from scripts.background import NotStartedError, free_port
from scripts.files import ROOT, fingerprint

STORE = ROOT / ".local" / "opensearch"
HERE = Path(__file__).parent
SOURCES = ("pom.xml", "LocalOpenSearch.java", "log4j2.properties")
MAIN = "LocalOpenSearch"
CLASSES = "classes.jsa"

_OPTIONS = ("-Xms256m", "-Xmx512m", "-XX:MaxDirectMemorySize=128m", "-XX:+UseSerialGC")
_SECONDS = 900  # for the first resolution over a slow line
_REMEDY = """\
{lacking} not in PATH: OpenSearch needs a JDK (17 or newer) and Maven here. Install them:
  Debian, Ubuntu   apt install openjdk-17-jdk-headless maven
  macOS            brew install openjdk@17 maven
or let OPENSEARCH_ENDPOINT name an OpenSearch 2.19 with kuromoji and k-NN, such as \
http://127.0.0.1:9200"""


def java(store: Path = STORE) -> list[str]:
    """The command line of a node, without its arguments; its jars are collected if they are not.

    Raises:
        NotStartedError: A program is missing, or Maven finds no way to the jars.
    """
    _require("java")
    built = store / fingerprint(*((HERE / name).read_bytes() for name in SOURCES))[:32]
    if not (built / CLASSES).exists():
        _require("javac", "jar", "mvn")
        store.mkdir(parents=True, exist_ok=True)
        with (store / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (built / CLASSES).exists():  # or else somebody else was quicker
                _build(built)
    return _command(built, f"-XX:SharedArchiveFile={built / CLASSES}")


def _command(built: Path, *options: str) -> list[str]:
    return ["java", *_OPTIONS, *options, "-cp", f"{built}/lib/*", MAIN]


def _require(*programs: str) -> None:
    lacking = [name for name in programs if not shutil.which(name)]
    if lacking:
        raise NotStartedError(_REMEDY.format(lacking=" and ".join(lacking)))


def _build(built: Path) -> None:
    print("OpenSearch: collect its jars (80 MB, about a minute, only once) ...", flush=True)
    unfinished = Path(tempfile.mkdtemp(prefix="building-", dir=built.parent))
    try:
        for name in SOURCES:
            shutil.copy(HERE / name, unfinished)
        _run(["mvn", "--batch-mode", "--quiet", "package"], unfinished)
        _run(["javac", "-cp", "lib/*", f"{MAIN}.java"], unfinished)
        classes = [each.name for each in unfinished.glob(f"{MAIN}*.class")]
        _run(["jar", "--create", "--file", f"lib/{MAIN}.jar", *classes], unfinished)
        shutil.rmtree(built, ignore_errors=True)
        unfinished.rename(built)
        _archive_classes(built)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _archive_classes(built: Path) -> None:
    """Let a node start and end; the archive is only valid for jars that stay where they are."""
    draft, folder = built / f"{CLASSES}.part", built / "node"
    command = _command(built, f"-XX:ArchiveClassesAtExit={draft}")
    _run([*command, "-", str(folder), str(free_port()), "0"], built)
    shutil.rmtree(folder)
    draft.rename(built / CLASSES)


def _run(command: Sequence[str], folder: Path) -> None:
    try:
        subprocess.run(
            command, cwd=folder, check=True, capture_output=True, text=True, timeout=_SECONDS
        )
    except subprocess.CalledProcessError as failed:
        said = (failed.stdout + failed.stderr)[-2000:]
        raise NotStartedError(
            f"{' '.join(command)} failed, which collects the jars of OpenSearch; Maven "
            f"needs the way to its repository this one time:\n{said}"
        ) from None
    except subprocess.TimeoutExpired:
        raise NotStartedError(
            f"{' '.join(command)} took more than {_SECONDS} s to collect the jars of OpenSearch: "
            "look at the way to Maven's repository"
        ) from None

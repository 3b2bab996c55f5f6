"""Builds real packages of a small project in temporary folders."""

import hashlib
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import typer
from uv import find_uv_bin

from scripts import package
from scripts.package import PackageError, Platform, command, limits
from tests import wheels

THING = {
    "thing/__init__.py": "from thing.core import VALUE\n",
    "thing/core.py": "VALUE = 42\n",
    "thing/tests/test_core.py": "assert True\n",
    "thing/data/wanted.json": "{}",
    "thing/data/unwanted.json": "{}",
    "thing-1.0.data/scripts/thing": "#!python\nprint(1)\n",
}

PYPROJECT = """
[project]
name = "jobs"
version = "0.1.0"
requires-python = ">=3.11"
readme = "README.md"
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[tool.hatch.build.targets.wheel]
only-include = ["scripts/__init__.py", "scripts/archive", "layers/batchworks/batchworks"]
sources = ["layers/batchworks"]
"""


def project(root: Path) -> Path:
    """Make a project with one system, the shared layer and a third-party layer."""
    for path, text in {
        "lambda/sync_batch/handlers.py": "def run(event, context): ...\n",
        "lambda/sync_batch/sql/schema.sql": "CREATE TABLE t ();\n",
        "layers/batchworks/batchworks/__init__.py": "",
        "layers/sync_batch/prune.txt": (
            "# tests run before release, not in Lambda\n**/tests\n\n"
            "# only one document is read\nthing/data/*.json\n!thing/data/wanted.json\n"
        ),
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    layer(root, "sync_batch")
    return root


def layer(root: Path, folder: str) -> None:
    """Give the project a layer with one third-party package."""
    thing = wheels.wheel(root / "wheels", "thing", THING)
    lock = root / "layers" / folder / "requirements.txt"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.write_text(wheels.lock(thing))


def content(root: Path, name: str, platform: str = "local") -> list[str]:
    return zipfile.ZipFile(root / "build" / platform / f"{name}.zip").namelist()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return project(tmp_path / "project")


@pytest.mark.parametrize("platform", Platform)
def test_the_same_project_gives_the_same_bytes_anywhere(
    tmp_path: Path, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = project(tmp_path / "here"), project(tmp_path / "far" / "away")
    (there / "lambda/sync_batch/handlers.py").chmod(0o755)

    first = package.build(platform, root=here)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    package.build(platform, root=there)

    assert list(first) == ["sync-batch", "layer-batchworks", "layer-sync-batch"]
    for name in first:
        zips = [root / "build" / platform / f"{name}.zip" for root in (here, there)]
        assert zips[0].read_bytes() == zips[1].read_bytes()


def test_zips_are_laid_out_as_lambda_expects(root: Path) -> None:
    package.build(Platform.LOCAL, root=root)

    assert content(root, "sync-batch") == ["sync_batch/handlers.py", "sync_batch/sql/schema.sql"]
    assert content(root, "layer-batchworks") == ["python/batchworks/__init__.py"]


def test_layers_are_pruned_and_bear_no_trace_of_this_machine(root: Path) -> None:
    package.build(Platform.LOCAL, root=root)

    assert content(root, "layer-sync-batch") == [
        "python/thing-1.0.dist-info/METADATA",
        "python/thing-1.0.dist-info/WHEEL",
        "python/thing/__init__.py",
        "python/thing/core.py",
        "python/thing/data/wanted.json",
    ]


def test_python_imports_from_the_zip(root: Path) -> None:
    package.build(Platform.LOCAL, root=root)
    layer = root / "build" / "local" / "layer-sync-batch.zip"

    done = subprocess.run(
        [sys.executable, "-c", "import thing; print(thing.VALUE)"],
        env={"PYTHONPATH": f"{layer}/python"}, check=True, capture_output=True, text=True,
    )  # fmt: skip

    assert done.stdout == "42\n"


def test_bytecode_and_hidden_files_stay_outside(root: Path) -> None:
    source = root / "lambda" / "sync_batch"
    (source / ".DS_Store").write_text("")
    (source / "__pycache__").mkdir()
    (source / "__pycache__" / "handlers.cpython-313.pyc").write_text("")

    package.build(Platform.LOCAL, root=root)

    assert content(root, "sync-batch") == ["sync_batch/handlers.py", "sync_batch/sql/schema.sql"]


def test_what_has_not_changed_is_left_alone(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    package.build(Platform.LOCAL, root=root)
    capsys.readouterr()
    (root / "lambda/sync_batch/handlers.py").write_text("def run(event, context): return {}\n")

    package.build(Platform.LOCAL, root=root)

    assert capsys.readouterr().out.startswith("package: sync-batch built")
    package.build(Platform.LOCAL, root=root)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("damaged", ["sync-batch.zip", "packages.json"])
def test_a_damaged_build_is_built_again(root: Path, damaged: str) -> None:
    built = package.build(Platform.LOCAL, root=root)
    (root / "build" / "local" / damaged).write_text("{")

    assert package.build(Platform.LOCAL, root=root) == built
    assert content(root, "sync-batch")


def test_a_failed_installation_leaves_the_old_zip(root: Path) -> None:
    package.build(Platform.LOCAL, root=root)
    lock = root / "layers/sync_batch/requirements.txt"
    lock.write_text(lock.read_text()[:-9] + "00000000\n")

    with pytest.raises(PackageError, match=r"layer-sync-batch: cannot install(?s:.*)Hash mismatch"):
        package.build(Platform.LOCAL, root=root)

    assert content(root, "layer-sync-batch")
    assert not list((root / "build" / "local").glob(".installing-*"))


def test_a_layer_above_our_limit_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LAYER_LIMIT", 100)

    with pytest.raises(PackageError, match=r"layer-sync-batch has .*prune more"):
        package.build(Platform.LOCAL, root=root)


def test_a_function_above_the_limit_of_lambda_is_refused(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    total = sum(built.unzipped for built in package.build(Platform.LOCAL, root=root).values())
    monkeypatch.setattr(limits, "FUNCTION_LIMIT", total)

    with pytest.raises(PackageError, match=f"sync-batch with its layers has {total} bytes"):
        package.build(Platform.LOCAL, "sync-batch", root=root)


def test_further_layers_count_towards_the_limit_of_lambda(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    total = sum(built.unzipped for built in package.build(Platform.LOCAL, root=root).values())
    monkeypatch.setattr(limits, "FUNCTION_LIMIT", total + 1)
    package.build(Platform.LOCAL, root=root)
    layer(root, "sync_batch_charts")

    with pytest.raises(PackageError, match="sync-batch with its layers has"):
        package.build(Platform.LOCAL, root=root)


def test_a_system_has_its_code_the_shared_layer_and_its_own_layers() -> None:
    names = [
        "archive", "sync-batch", "layer-archive", "layer-batchworks", "layer-sync-batch",
        "layer-sync-batch-charts", "layer-sync-batches",
    ]  # fmt: skip

    assert package.parts("sync-batch", names) == [
        "sync-batch", "layer-batchworks", "layer-sync-batch", "layer-sync-batch-charts",
    ]  # fmt: skip
    assert package.parts("archive", names) == ["archive", "layer-archive", "layer-batchworks"]
    assert package.parts("without-code", names) == []
    assert package.parts("archive", ["archive-host", "layer-batchworks"]) == ["archive-host"]


def host(root: Path) -> None:
    """Give the project a system that runs on a host, with one third-party package."""
    thing = wheels.wheel(root / "wheels", "thing", THING)
    for path, text in {
        "README.md": "",
        "pyproject.toml": PYPROJECT,
        "requirements/archive.txt": wheels.lock(thing)
        + "gone==1 ; sys_platform == 'win32' \\\n    --hash=sha256:0\n",
        "requirements/dev.txt": "",
        "scripts/__init__.py": "",
        "scripts/archive/__init__.py": "from thing import VALUE\n",
        "scripts/archive/schema.sql": "",
        "scripts/other.py": "",
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


@pytest.mark.parametrize("platform", Platform)
def test_a_host_gets_the_same_wheels_from_any_place(tmp_path: Path, platform: Platform) -> None:
    here, there = tmp_path / "here", tmp_path / "far" / "away"
    for root in (here, there):
        host(project(root))
        package.build(platform, "archive", root=root)

    zips = [root / "build" / platform / "archive-host.zip" for root in (here, there)]

    assert zips[0].read_bytes() == zips[1].read_bytes()
    assert content(here, "archive-host", platform) == [
        "requirements.txt",
        "wheels/jobs-0.1.0-py3-none-any.whl",
        "wheels/thing-1.0-py3-none-any.whl",
    ]


def test_a_host_installs_its_zip_without_internet_and_only_what_is_listed(root: Path) -> None:
    host(root)
    package.build(Platform.LOCAL, "archive", root=root)
    unpacked, target = root / "unpacked", root / "target"
    zipfile.ZipFile(root / "build/local/archive-host.zip").extractall(unpacked)
    install: list[str | Path] = [
        find_uv_bin(), "pip", "install", "--quiet", "--no-index", "--find-links", "wheels",
        "--require-hashes", "--python", sys.executable, "--target", target,
        "-r", "requirements.txt",
    ]  # fmt: skip

    subprocess.run(install, cwd=unpacked, check=True)

    done = subprocess.run(
        [sys.executable, "-c", "import scripts.archive, batchworks; print(scripts.archive.VALUE)"],
        cwd=target, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout == "42\n"
    assert (target / "scripts/archive/schema.sql").exists()
    assert not (target / "scripts/other.py").exists()


def test_a_host_is_built_again_when_its_code_changes_and_only_then(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    host(root)
    package.build(Platform.LOCAL, "archive", root=root)
    capsys.readouterr()
    package.build(Platform.LOCAL, "archive", root=root)
    assert capsys.readouterr().out == ""

    (root / "scripts/archive/schema.sql").write_text("CREATE TABLE t ();")
    package.build(Platform.LOCAL, "archive", root=root)

    assert capsys.readouterr().out.startswith("package: archive-host built")


def test_a_wheel_that_is_not_the_locked_one_is_refused(root: Path) -> None:
    host(root)
    lock = root / "requirements/archive.txt"
    lock.write_text(re.sub("sha256:[0-9a-f]{8}", "sha256:00000000", lock.read_text()))

    with pytest.raises(PackageError, match=r"archive-host: cannot download(?s:.*)HASH"):
        package.build(Platform.LOCAL, "archive", root=root)


def test_a_stack_gets_its_own_zips_and_no_others(root: Path) -> None:
    (root / "lambda/archive").mkdir()
    (root / "lambda/archive/handlers.py").touch()

    built = package.build(Platform.LOCAL, "archive", root=root)

    assert list(built) == ["archive", "layer-batchworks"]
    zips = (root / "build/local").glob("*.zip")
    assert sorted(path.stem for path in zips) == ["archive", "layer-batchworks"]


def test_a_stack_without_code_has_no_zips(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "ROOT", tmp_path)

    command.main(Platform.LOCAL, "archive")

    assert "no code of archive in lambda/" in capsys.readouterr().out


def test_the_command_shows_sizes_and_hashes(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "ROOT", root)

    command.main(Platform.LOCAL, "sync-batch")

    printed = capsys.readouterr().out
    digest = hashlib.sha256((root / "build/local/sync-batch.zip").read_bytes()).hexdigest()
    assert "build/local" in printed
    assert digest[:16] in printed


def test_the_command_explains_and_fails(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "ROOT", root)
    monkeypatch.setattr(limits, "LAYER_LIMIT", 100)

    with pytest.raises(typer.Exit) as raised:
        command.main(Platform.LOCAL)

    assert raised.value.exit_code == 1
    assert capsys.readouterr().err.startswith("package: layer-sync-batch has ")

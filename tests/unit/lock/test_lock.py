"""What is locked, from what. Nothing here depends on anything, so no registry is asked."""

from pathlib import Path

import pytest
import typer

from scripts import lock
from scripts.lock import LockError

ROOT = Path(lock.__file__).resolve().parents[1]


def test_every_lock_of_the_repository_has_a_source() -> None:
    locks = {*ROOT.glob("requirements/*.txt"), *ROOT.glob("layers/*/requirements.txt")}
    assert lock.python_locks().keys() == locks


def test_layers_hold_the_versions_that_were_tested(tmp_path: Path) -> None:
    for path in ("requirements/checkov.in", "layers/thing/requirements.in"):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).touch()

    sources = lock.python_locks(tmp_path)

    tested = ["--constraints", str(tmp_path / "requirements/dev.txt")]
    assert sources[tmp_path / "layers/thing/requirements.txt"][1:] == tested
    assert sources[tmp_path / "requirements/checkov.txt"][1:] == []


def test_every_stack_and_the_bootstrap_are_locked() -> None:
    locked = {
        folder.relative_to(ROOT / "terraform").as_posix() for folder in lock.terraform_roots()
    }
    assert {"bootstrap", "stacks/sync-batch"} <= locked


def test_a_lock_that_cannot_be_made_is_named_and_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "ROOT", tmp_path)
    target = tmp_path / "thing.txt"
    target.write_text("as it was")

    with pytest.raises(LockError, match=r"thing\.txt stays as it is \(does this machine have"):
        lock.lock_python(target, [str(tmp_path / "missing.in")], upgrade=False)

    assert target.read_text() == "as it was"


def test_one_that_fails_does_not_keep_the_others_from_being_renewed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lock, "ROOT", tmp_path)
    for path, text in {
        "pyproject.toml": "[project]\n",  # has no name
        "requirements/tool.in": "",
        "layers/README": "",
        "terraform/stacks/thing/main.tf": 'resource "terraform_data" "x" {}',
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)

    with pytest.raises(typer.Exit):
        lock.main(upgrade=True)

    printed = capsys.readouterr()
    assert printed.err.startswith("lock: requirements/dev.txt stays as it is")
    assert printed.out.splitlines() == [
        "lock: requirements/tool.txt",
        "lock: terraform/stacks/thing/.terraform.lock.hcl",
    ]
    assert (tmp_path / "requirements/tool.txt").read_text().startswith("#")

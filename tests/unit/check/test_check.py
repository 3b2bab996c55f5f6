"""How checks are run and reported; the checks themselves run in `make check`."""

from pathlib import Path

import pytest

from scripts import check
from scripts.check import Check, Outcome, Verdict


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(check, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.usefixtures("root")
def test_all_run_and_only_failures_show_their_output(capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = check.run(
        [
            check.command("first", "ls --no-such-option"),
            check.command("second", "echo this is not shown"),
            check.command("third", "actionlint", needs=".github"),
        ]
    )

    assert [outcomes[name].verdict for name in ("first", "second", "third")] == [
        Verdict.FAILED,
        Verdict.OK,
        Verdict.SKIPPED,
    ]
    printed = capsys.readouterr().out
    assert "no-such-option" in printed
    assert "not shown" not in printed
    assert "third: there is no .github\n" in printed
    assert "3 checks" in printed.splitlines()[-1]
    assert printed.endswith("failed: first\n")


@pytest.mark.usefixtures("root")
def test_a_missing_tool_is_a_failure_with_a_remedy() -> None:
    outcome = check.command("it", "a-tool-nobody-has --quiet").work()
    assert outcome == Outcome(
        Verdict.FAILED, "a-tool-nobody-has is not installed: run `scripts/setup/run`"
    )


@pytest.mark.parametrize(
    ("verdict", "code"), [(Verdict.OK, 0), (Verdict.SKIPPED, 0), (Verdict.FAILED, 1)]
)
def test_the_exit_code_tells_whether_any_failed(
    verdict: Verdict, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    several = [Check("a", lambda: Outcome(verdict)), Check("b", lambda: Outcome(Verdict.OK))]
    monkeypatch.setattr(check, "checks", lambda: several)
    assert check.main() == code


def test_terraform_is_checked_wherever_it_can_be_started(tmp_path: Path) -> None:
    for path in (
        "modules/function/main.tf",
        "modules/function/tests/setup/main.tf",
        "modules/function/examples/complete/main.tf",
        "modules/function/.terraform/modules/x/main.tf",
        "stacks/sync-batch/main.tf",
        "environments/local.tfvars",
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()

    found = [str(folder.relative_to(tmp_path)) for folder in check.terraform_folders(tmp_path)]

    assert found == ["modules/function", "modules/function/examples/complete", "stacks/sync-batch"]


@pytest.mark.parametrize(
    ("environment", "verdict"), [("dev", Verdict.OK), ("production", Verdict.FAILED)]
)
def test_a_module_is_validated_and_tested(root: Path, environment: str, verdict: Verdict) -> None:
    module = root / "terraform" / "modules" / "thing"
    (module / "tests").mkdir(parents=True)
    (module / "main.tf").write_text(f'output "name" {{ value = "thing-{environment}" }}\n')
    (module / "tests" / "names.tftest.hcl").write_text(
        'run "names" {\n  assert {\n    condition     = output.name == "thing-dev"\n'
        '    error_message = "The name ends in the environment."\n  }\n}\n'
    )
    [found] = [each for each in check.checks() if each.name.endswith("modules/thing")]

    outcome = found.work()

    assert found.name == "terraform test terraform/modules/thing"
    assert outcome.verdict is verdict
    assert ("The name ends in the environment." in outcome.text) == (verdict is Verdict.FAILED)


AUDIT = {
    "sound": '{"dependencies": [{"name": "a", "version": "1", "vulns": []}]}',
    "leaky": '{"dependencies": [{"name": "a", "version": "1", '
    '"vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]}]}',
    "unknown": '{"dependencies": [{"name": "a", "skip_reason": "Dependency not found on PyPI"}]}',
}


@pytest.mark.parametrize(
    ("said", "verdict", "text"),
    [
        ((AUDIT["sound"], ""), Verdict.OK, ""),
        ((AUDIT["leaky"], ""), Verdict.FAILED, "a 1 has PYSEC-1, fixed in 2"),
        ((AUDIT["unknown"], ""), Verdict.SKIPPED, "this registry has no vulnerability data"),
        (("", "requests.exceptions.ConnectionError: no route"), Verdict.SKIPPED, "no route"),
        (("", "Traceback\nValueError: a bug"), Verdict.FAILED, "pip-audit answers: ValueError"),
    ],
)
def test_what_pip_audit_says_is_taken_for_what_it_means(
    root: Path, said: tuple[str, str], verdict: Verdict, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "requirements").mkdir()
    (root / "requirements" / "dev.txt").touch()
    (root / "pip_audit.py").write_text(
        f"import sys\nprint({said[0]!r})\nprint({said[1]!r}, file=sys.stderr)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(root))
    [audit] = [each for each in check.checks() if each.name == "pip-audit"]

    outcome = audit.work()

    assert outcome.verdict is verdict
    assert text in outcome.text


def test_a_vulnerability_is_named_with_its_lock_and_remedy() -> None:
    packages: list[dict[str, object]] = [
        {"name": "sound", "version": "1.0", "vulns": []},
        {"name": "unknown", "skip_reason": "Dependency not found"},
        {
            "name": "leaky",
            "version": "2.0",
            "vulns": [
                {"id": "PYSEC-1", "fix_versions": ["2.1", "3.0"]},
                {"id": "PYSEC-2", "fix_versions": []},
            ],
        },
    ]
    assert check.vulnerabilities(Path("requirements/dev.txt"), packages) == [
        "requirements/dev.txt: leaky 2.0 has PYSEC-1, fixed in 2.1, 3.0",
        "requirements/dev.txt: leaky 2.0 has PYSEC-2, fixed in no version yet",
    ]

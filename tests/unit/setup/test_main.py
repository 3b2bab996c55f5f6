"""The command line of the set-up."""

import pytest

from scripts.setup import __main__ as command
from scripts.setup.console import SetupError


def test_parts_are_made_in_the_order_given(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    parts = {name: lambda name=name: made.append(name) for name in ("a", "b", "c")}
    monkeypatch.setattr(command, "PARTS", parts)

    assert command.main(["c", "a"]) == 0
    assert command.main([]) == 0
    assert made == ["c", "a", "a", "b", "c"]


def test_a_failure_is_explained_on_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise SetupError("install Go")

    monkeypatch.setattr(command, "PARTS", {"linters": fail})

    assert command.main([]) == 1
    assert capsys.readouterr().err == "setup: install Go\n"


def test_an_unknown_part_is_answered_with_those_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        command.main(["pyhton"])
    assert "no such part: pyhton. There are python, " in capsys.readouterr().err

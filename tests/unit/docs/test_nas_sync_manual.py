"""The manual of nas-sync explains every error that a mail names, and every reason of a file."""

import inspect
import re
from pathlib import Path

from nas_sync import errors, reasons
from nas_sync.notify.remedies import Place, remedy
from tests.unit.docs import manuals

ROOT = Path(__file__).parents[3]
MANUAL = (ROOT / "docs" / "nas-sync.md").read_text()
PIPELINE = ROOT / "terraform/modules/datasync/templates/pipeline.asl.json.tftpl"
PLACE = Place("arn:machine", "arn:execution", "exec-1", "raw", "")


def test_every_error_of_a_run_has_its_row() -> None:
    own = {name for name, _ in inspect.getmembers(errors, of_nas_sync)}
    named = set(re.findall(r'"Error": "(\w+)"', PIPELINE.read_text()))
    assert own | named <= explained()


def test_an_error_that_has_a_row_has_advice_in_the_mail_or_is_this_system_s() -> None:
    own = {name for name, _ in inspect.getmembers(errors, of_nas_sync)}
    general = remedy("Unknown", None, PLACE)
    assert not {name for name in explained() - own if remedy(name, None, PLACE) == general}


def test_reasons_are_those_of_the_program_in_its_words() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| (\S+) \| (.+?) \| .+ \|$",
        manuals.section(MANUAL, "ファイルの理由コード"),
        re.MULTILINE,
    )
    states = {"skipped": "対象外", "failed": "失敗"}
    assert {code: (state, text) for code, state, text in rows} == {
        code: (states[reasons.status_of(code)], text) for code, text in reasons.EXPLANATIONS.items()
    }


def explained() -> set[str]:
    return set(manuals.first_cells(manuals.section(MANUAL, "失敗のメールへの対応")))


def of_nas_sync(value: object) -> bool:
    return inspect.isclass(value) and value.__module__ == errors.__name__

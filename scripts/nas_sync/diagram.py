"""Draws the state machine for its page in docs: `python -m scripts.nas_sync.diagram` writes it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

from scripts.files import ROOT
from scripts.nas_sync import pipeline

PAGE = ROOT / "docs/nas-sync-pipeline.md"

State = Mapping[str, Any]

_HEAD = """\
# NAS 同期の流れ（CIS-Monthly-Batch-Sync）

ステートマシンの定義（`terraform/modules/datasync/templates/pipeline.asl.json.tftpl`）から
`python -m scripts.nas_sync.diagram` で作った図です。手で直さず、定義を直して作り直してください。
待ち時間と回数は既定値で、変数 `pacing` で変わります。

- 実線は通常の流れ、点線は失敗したときの流れです。
- 丸は待ち時間、ひし形は分岐、二重の枠はファイルごとの並列処理です。
- VPN は成功でも失敗でも必ず切断されます。失敗した実行は必ず FAILED で終わります。
"""

# How a state is drawn, by its type.
_SHAPES = {
    "Choice": ("{", "}"),
    "Fail": ("([", "])"),
    "Map": ("[[", "]]"),
    "Pass": ("(", ")"),
    "Succeed": ("([", "])"),
    "Task": ("[", "]"),
    "Wait": ("((", "))"),
}

_COMPARISONS = {
    "BooleanEquals": "=",
    "NumericEquals": "=",
    "NumericGreaterThan": "&gt;",
    "NumericGreaterThanEquals": "≧",
    "NumericLessThan": "&lt;",
    "StringEquals": "=",
    "StringEqualsPath": "=",
    "StringMatches": "=",
}


def page(definition: State) -> str:
    """The page: the whole, each Map by itself, and what is repeated.

    Args:
        definition: of the state machine, in Amazon States Language.
    """
    states: Mapping[str, State] = definition["States"]
    parts = [_HEAD, "## 全体\n", _chart(definition)]
    for name, state in states.items():
        if state["Type"] == "Map":
            parts += [f"## {name} の中（作業ファイルごと）\n", _chart(state["ItemProcessor"])]
    parts += ["## 呼び出しと再試行\n", _table(states)]
    return "\n".join(parts)


def _chart(machine: State) -> str:
    lines = ["```mermaid", "flowchart TD"]
    for name, state in machine["States"].items():
        opening, closing = _SHAPES[state["Type"]]
        lines.append(f'    {name}{opening}"{_label(name, state)}"{closing}')
    lines.append(f"    start((開始)) --> {machine['StartAt']}")
    for name, state in machine["States"].items():
        lines += [f"    {name} {arrow} {target}" for arrow, target in _arrows(state)]
    return "\n".join([*lines, "```", ""])


def _label(name: str, state: State) -> str:
    if state["Type"] == "Wait":
        return f"{name}<br/>{state['Seconds']} 秒"
    if state["Type"] == "Map":
        return f"{name}<br/>同時に {state['MaxConcurrency']}"
    return name


def _arrows(state: State) -> Iterator[tuple[str, str]]:
    for choice in state.get("Choices", ()):
        yield f'-->|"{_condition(choice)}"|', choice["Next"]
    if "Default" in state:
        yield '-->|"それ以外"|', state["Default"]
    if "Next" in state:
        yield "-->", state["Next"]
    for catch in state.get("Catch", ()):
        yield "-.->", catch["Next"]


def _condition(choice: State) -> str:
    if "And" in choice:
        return "すべて正しい"
    comparison = next(name for name in choice if name in _COMPARISONS)
    value = choice[comparison]
    shown = str(value).lower() if isinstance(value, bool) else "なし" if value == "" else value
    return f"{choice['Variable']} {_COMPARISONS[comparison]} {shown}".replace("$.", "")


def _table(states: Mapping[str, State]) -> str:
    rows = ["| 状態 | 呼び出すもの | 再試行 | 失敗したら |", "| --- | --- | --- | --- |"]
    for name, state in _tasks(states):
        retries = "<br/>".join(_retry(retry) for retry in state.get("Retry", ())) or "なし"
        caught = ", ".join(f"`{catch['Next']}`" for catch in state.get("Catch", ()))
        rows.append(f"| `{name}` | `{_called(state)}` | {retries} | {caught or '並列処理の失敗'} |")
    return "\n".join([*rows, ""])


def _tasks(states: Mapping[str, State]) -> Iterator[tuple[str, State]]:
    for name, state in states.items():
        if state["Type"] == "Task":
            yield name, state
        elif state["Type"] == "Map":
            yield from _tasks(state["ItemProcessor"]["States"])


def _called(state: State) -> str:
    resource = str(state["Resource"]).rpartition(":::")[2]
    if resource == "lambda:invoke":
        return str(state["Parameters"]["FunctionName"])
    return resource.removeprefix("aws-sdk:")


def _retry(retry: State) -> str:
    errors = ", ".join(f"`{error}`" for error in retry["ErrorEquals"])
    return f"{errors}: {retry['IntervalSeconds']} 秒から {retry['MaxAttempts']} 回"


def main() -> int:
    PAGE.write_text(page(pipeline.definition()))
    print(f"{PAGE.relative_to(ROOT)} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())

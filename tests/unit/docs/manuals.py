"""What the manuals say, and what there is: read from their text, for comparison."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_FORMAT = re.compile(r"%(?:\.\d)?[sdf]")
_HOLE = "\0"


class Link(NamedTuple):
    """A link within the repository."""

    path: str  # empty for the page itself
    anchor: str


def blocks(page: str, language: str) -> list[str]:
    """Code blocks of a language."""
    return [code for name, code in _FENCE.findall(page) if name == language]


def commands(page: str) -> Iterator[str]:
    """Commands of a page, of code blocks and inline: without prompts, comments, and each alone."""
    lines = [line for _, block in _FENCE.findall(page) for line in _joined(block)]
    for line in [*lines, *_SPAN.findall(_FENCE.sub("", page))]:
        yield from _alone(re.sub(r"(^|\s)# .*", "", line).removeprefix("$ "))


def section(page: str, title: str) -> str:
    """What stands below a second-level heading."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    if found is None:
        raise LookupError(f"there is no section “{title}”")
    return found[1]


def first_cells(text: str) -> list[str]:
    """Code in the first cells of all table rows."""
    rows = re.findall(r"^\| *(`.+?)(?<!\\) \|", text, re.MULTILINE)
    return [span for cell in rows for span in _SPAN.findall(cell.replace(r"\|", "|"))]


def links(page: str) -> list[Link]:
    """Links to other files and to headings."""
    targets = [target for target in _LINK.findall(_FENCE.sub("", page)) if "://" not in target]
    return [Link(*target.partition("#")[::2]) for target in targets]


def anchors(page: str) -> set[str]:
    """Names that GitHub gives the headings."""
    found: set[str] = set()
    for heading in _HEADING.findall(_FENCE.sub("", page)):
        name = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        number = sum(
            re.fullmatch(rf"{re.escape(name)}(-\d+)?", other) is not None for other in found
        )
        found.add(f"{name}-{number}" if number else name)
    return found


def make_words(page: str) -> set[str]:
    """Targets and variables that commands give to make."""
    words = (command.split() for command in commands(page))
    return {word for first, *rest in filter(None, words) if first == "make" for word in rest}


def makefile_names(makefile: str) -> tuple[set[str], set[str]]:
    """Targets and variables that a Makefile offers."""
    rules = re.findall(r"^([a-z][\w -]*):(?!=)", makefile, re.MULTILINE)
    variables = re.findall(r"^([A-Z_]+)\s*\?=", makefile, re.MULTILINE)
    return {target for rule in rules for target in rule.split()}, set(variables)


def messages(source: str) -> Iterator[str]:
    """Texts in Python code, holes where values go; not what is there to be read in the code."""
    tree = ast.parse(source)
    notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.JoinedStr(values=parts):
                yield "".join(
                    str(part.value) if isinstance(part, ast.Constant) else _HOLE for part in parts
                )
            case ast.Constant(value=str(text)) if id(node) not in notes:
                yield _FORMAT.sub(_HOLE, text)


def is_told(quote: str, messages: list[str]) -> bool:
    """Whether a quote, … in place of values, is part of one of the messages."""
    pattern = re.compile(f".*{_HOLE}.*".join(map(re.escape, quote.split("…"))), re.DOTALL)
    return any(pattern.search(message) for message in messages)


def terraform_code(root: Path, *folders: str) -> str:
    """All Terraform code in folders."""
    files = (path for folder in folders for path in sorted((root / folder).glob("*.tf")))
    return "\n".join(path.read_text() for path in files)


def _joined(block: str) -> list[str]:
    return re.sub(r"\\\n\s*", "", block).splitlines()


def _alone(line: str) -> Iterator[str]:
    """The commands that a line chains or puts in $(…)."""
    while inner := re.search(r"\$\(([^()]*)\)", line):
        yield from _alone(inner[1])
        line = line.replace(inner[0], "")
    yield from (part.strip() for part in re.split(r"[;|&]+", line))

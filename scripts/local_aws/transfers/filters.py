"""Which files a transfer takes: DataSync's filters.

A pattern that begins with `/` begins at the location's folder; another one matches a file or a
folder of that name anywhere. Who matches a folder matches all that is in it. `*` stands for
anything, `\\` makes the next character an ordinary one; capitals differ from small letters.
https://docs.aws.amazon.com/datasync/latest/userguide/filtering.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Rules = Sequence[Mapping[str, str]]
"""As the API has them: each with FilterType (SIMPLE_PATTERN) and Value, patterns joined by `|`."""

_ESCAPED = re.compile(r"\\(.)|(.)", re.DOTALL)


@dataclass(frozen=True)
class Filters:
    """What a transfer takes, and what it leaves out.

    Attributes:
        included: Matches a path that is taken; None takes all.
        excluded: Matches a path that is left out; None leaves out nothing.
    """

    included: re.Pattern[str] | None
    excluded: re.Pattern[str] | None

    @classmethod
    def of(cls, includes: Rules, excludes: Rules) -> Filters:
        """Read the filters of a task."""
        return cls(_any_of(includes), _any_of(excludes))

    def takes(self, path: str) -> bool:
        """Whether a file is taken.

        Args:
            path: Relative to the location, with `/` in front.
        """
        wanted = self.included is None or bool(self.included.fullmatch(path))
        return wanted and not self.leaves_out(path)

    def leaves_out(self, path: str) -> bool:
        """Whether a file or a folder is left out, whatever is in it."""
        return bool(self.excluded and self.excluded.fullmatch(path))


def _any_of(rules: Rules) -> re.Pattern[str] | None:
    patterns = [pattern for rule in rules for pattern in _split(rule["Value"])]
    return re.compile("|".join(map(_expression, patterns)), re.DOTALL) if patterns else None


def _split(value: str) -> list[str]:
    """The patterns of a filter; a `|` after a `\\` is part of one."""
    return [found for found in re.findall(r"(?:\\.|[^|\\])+", value, re.DOTALL) if found]


def _expression(pattern: str) -> str:
    anywhere = "" if pattern.startswith(("/", "*")) else "(?:.*/)"
    path = "".join(
        re.escape(escaped) if escaped else ".*" if plain == "*" else re.escape(plain)
        for escaped, plain in _ESCAPED.findall(pattern.rstrip("/"))
    )
    return f"(?:{anywhere}{path}(?:/.*)?)"

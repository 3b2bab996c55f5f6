"""What a run of partitioning came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from batchworks.errors import JobError
from dynamodb_export.partition.moving import Outcome

_LEFT = (Outcome.ARCHIVED, Outcome.CHANGED, Outcome.STOPPED)


class NotMovedError(JobError):
    """Something could not be moved."""


@dataclass
class Report:
    """Counts, which grow.

    Attributes:
        outcomes: how many objects by what became of them.
        waiting: native exports that aren't verified.
        unknown: objects below `dt=` that are no export.
        troubles: what went wrong, for each object or export that stays because of it.
        finished: whether everything was looked at.
    """

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    waiting: int = 0
    unknown: int = 0
    troubles: list[str] = field(default_factory=list)
    finished: bool = True

    @property
    def moved(self) -> int:
        """How many objects are in their partition now and weren't before."""
        return self.outcomes[Outcome.MOVED]

    def told(self) -> dict[str, Any]:
        """The counts as callers read them; those of what is left only where there are some."""
        left = {
            **{str(outcome): self.outcomes[outcome] for outcome in _LEFT},
            "planned": self.outcomes[Outcome.PLANNED],
            "waiting": self.waiting,
            "unknown": self.unknown,
            "failed": len(self.troubles),
        }
        return {
            "processedCount": self.moved,
            "finished": self.finished,
            **{name: count for name, count in left.items() if count},
        }

    def require_success(self) -> None:
        """Let a run fail that could not move something.

        Raises:
            NotMovedError: that is so; the message tells how many and the first reason.
        """
        if self.troubles:
            raise NotMovedError(
                f"{len(self.troubles)} could not be moved ({self.moved} were), first: "
                f"{self.troubles[0]}"
            )


def is_dry(request: Mapping[str, Any]) -> bool:
    """Whether a request only wants to know what would be moved.

    Raises:
        JobError: it doesn't say clearly.
    """
    dry = request.get("dryRun", False)
    if not isinstance(dry, bool):
        raise JobError(f"dryRun is {dry!r}: give true or false")
    return dry

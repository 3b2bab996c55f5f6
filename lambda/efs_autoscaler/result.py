"""What a run answers and logs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from efs_autoscaler.decide import exceeds

_TOLD_ELSEWHERE = {"timestamp", "error"}  # in lines of their own


@dataclass
class Result:
    """What a run found and did, as far as it came."""

    threshold: int
    timestamp: datetime = field(default_factory=lambda: datetime.now(UTC))
    file_count: int | None = None  # None: not known, which is no zero
    new_mount_target_id: str | None = None
    deployment_triggered: bool = False
    error: str | None = None
    mount_targets: int | None = None  # that are available; measured, not answered
    count_seconds: float | None = None  # measured, not answered

    @property
    def threshold_exceeded(self) -> bool:
        return self.file_count is not None and exceeds(self.file_count, self.threshold)

    def answer(self) -> dict[str, Any]:
        """The fields that are promised; two of them only where there is something to tell."""
        told = {
            "timestamp": self.timestamp.isoformat(timespec="seconds"),
            "file_count": self.file_count,
            "threshold": self.threshold,
            "threshold_exceeded": self.threshold_exceeded,
            "new_mount_target_created": self.new_mount_target_id is not None,
            "deployment_triggered": self.deployment_triggered,
        }
        if self.new_mount_target_id:
            told["new_mount_target_id"] = self.new_mount_target_id
        if self.error:
            told["error"] = self.error
        return told

    def __str__(self) -> str:
        """The answer as operators read it in the log."""
        told = self.answer()
        return ", ".join(f"{name} {told[name]}" for name in told if name not in _TOLD_ELSEWHERE)

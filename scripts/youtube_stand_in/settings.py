"""What can be changed while the stand-in runs: one JSON object, the same in a file and on the wire.

`{"world": {"seed", "day", "channels"}, "faults": […], "latency": s, "quota": n, "keys": […],
"reset": true}`; what isn't named stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scripts.youtube_stand_in import faults, world
from scripts.youtube_stand_in.faults import Fault
from scripts.youtube_stand_in.world import DEMO, World

KEY = "stand-in-key-AIzaTest"
DAILY_QUOTA = 10_000
"""Units a project gets a day: https://developers.google.com/youtube/v3/determine_quota_cost"""


class SettingsError(ValueError):
    """A setting is unknown or has no such value; the message names it."""


@dataclass(frozen=True)
class Settings:
    """How the stand-in behaves: latency in seconds, quota in units (one a call)."""

    world: World = DEMO
    faults: Sequence[Fault] = ()
    latency: float = 0.0
    quota: int = DAILY_QUOTA
    keys: Sequence[str] = (KEY,)

    def __post_init__(self) -> None:
        if self.latency < 0 or self.quota < 0:
            raise ValueError("latency and quota are 0 or more")


def changed(settings: Settings, changes: Mapping[str, Any]) -> Settings:
    """The settings with these changes, given as JSON. Raises SettingsError."""
    members = dict(changes)
    try:
        if "world" in members:
            members["world"] = world.from_json(members["world"], settings.world)
        if "faults" in members:
            members["faults"] = tuple(map(faults.from_json, members["faults"]))
        return replace(settings, **members)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise SettingsError(f"can't set {', '.join(changes)}: {error}") from error


def to_json(settings: Settings) -> dict[str, Any]:
    """The settings in the form that `changed` reads."""
    return {
        "world": world.to_json(settings.world),
        "faults": [faults.to_json(fault) for fault in settings.faults],
        "latency": settings.latency,
        "quota": settings.quota,
        "keys": list(settings.keys),
    }

"""Starting the stand-in as a process of its own, and talking to it while it runs."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from scripts import background
from scripts.youtube_stand_in import faults as fault_json
from scripts.youtube_stand_in import world as world_json
from scripts.youtube_stand_in.faults import Fault
from scripts.youtube_stand_in.settings import DAILY_QUOTA, KEY, Settings, to_json
from scripts.youtube_stand_in.world import DEMO, World

LOOPBACK = "127.0.0.1"
READY_FILE = "youtube.json"
_CONFIG_FILE = "youtube-settings.json"
MODULE = "scripts.youtube_stand_in"


@dataclass(frozen=True)
class YouTube:
    """A running stand-in. `key` is an API key it accepts."""

    endpoint: str
    pid: int
    home: Path
    key: str = KEY

    @classmethod
    def running_in(cls, home: Path) -> "YouTube":
        """The one that was started in a folder. Raises FileNotFoundError when there is none."""
        ready = json.loads((home / READY_FILE).read_text("utf-8"))
        return cls(ready["endpoint"], ready["pid"], home)

    def reset(self, world: World) -> None:
        """Begin anew: this world, no faults, no latency, the default quota and key, no counts."""
        self.change(world=world, faults=(), latency=0, quota=DAILY_QUOTA, keys=(KEY,), reset=True)

    def change(
        self,
        *,
        world: World | None = None,
        faults: Sequence[Fault] | None = None,
        latency: float | None = None,
        quota: int | None = None,
        keys: Sequence[str] | None = None,
        reset: bool = False,
    ) -> None:
        """Change what is given and leave the rest. `reset` sets the counters to 0.

        Latency is in seconds, quota in units. Raises urllib.error.HTTPError (400) for a value
        that can't be.
        """
        changes: dict[str, Any] = {
            "latency": latency,
            "quota": quota,
            "keys": keys,
            "reset": reset,
        }
        if world is not None:
            changes["world"] = world_json.to_json(world)
        if faults is not None:
            changes["faults"] = [fault_json.to_json(fault) for fault in faults]
        self._control({name: value for name, value in changes.items() if value is not None})

    def counters(self) -> dict[str, Any]:
        """`quota_used`, `requests` by method, `answers` by HTTP status, `settings`."""
        return self._control(None)

    def _control(self, changes: Mapping[str, Any] | None) -> dict[str, Any]:
        body = None if changes is None else json.dumps(changes).encode()
        request = Request(  # noqa: S310 - the endpoint is this machine's
            f"{self.endpoint}/_control", body, {"Content-Type": "application/json"}
        )
        with urlopen(request, timeout=10) as response:  # noqa: S310 - as above  # nosec B310
            answer: dict[str, Any] = json.load(response)
        return answer


@contextmanager
def start(
    home: Path,
    world: World = DEMO,
    *,
    faults: Sequence[Fault] = (),
    latency: float = 0.0,
    quota: int = DAILY_QUOTA,
    port: int = 0,
) -> Iterator[YouTube]:
    """Run a stand-in in a process of its own, with its files in `home`, until the block ends.

    Latency is in seconds, quota in units (one a call). Raises NotStartedError when it doesn't
    start.
    """
    home = home.absolute()
    home.mkdir(parents=True, exist_ok=True)
    settings = Settings(world=world, faults=faults, latency=latency, quota=quota)
    config = home / _CONFIG_FILE
    write_whole(config, to_json(settings))
    arguments = ["--home", str(home), "--port", str(port), "--config", str(config)]
    with background.running(MODULE, home / READY_FILE, *arguments):
        yield YouTube.running_in(home)


def write_whole(path: Path, value: Any) -> None:
    """Write JSON so that a reader finds all of it or no file."""
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(value), "utf-8")
    draft.replace(path)

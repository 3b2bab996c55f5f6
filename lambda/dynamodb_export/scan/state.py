"""How far a scan came, as a further run of the same id finds it in the bucket."""

from __future__ import annotations

import base64
import logging
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import orjson

from dynamodb_export import keys
from dynamodb_export.scan.reading import Place
from dynamodb_export.scan.store import Part, Store
from dynamodb_export.settings import Format

_VERSION = 1
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class State:
    """Everything that decides about the object's bytes, and what of them is written.

    What the settings said when the scan began holds until it ends.
    """

    table: str
    run: str
    day: date  # UTC
    exported_at: str
    format: Format
    gzip: bool
    segments: int
    page_items: int | None
    waiting: tuple[Place, ...]  # segments that haven't ended, in the order of their turns
    draft: str  # key of the object until it is whole
    items: int = 0
    upload: str | None = None  # of the draft; None: all that was written is the tail
    parts: tuple[Part, ...] = ()
    tail: bytes = b""  # written, and too small for a part
    closed: bool = False  # nothing is to be written any more

    @property
    def size(self) -> int:
        """Bytes that were written."""
        return sum(part.size for part in self.parts) + len(self.tail)


def save(store: Store, state: State) -> None:
    """Keep a state: all of it in one object, so that it is never half."""
    fields = asdict(state) | {"version": _VERSION, "tail": base64.b64encode(state.tail).decode()}
    key = keys.scan_state(state.table, state.run)
    store.put(key, orjson.dumps(fields), {"run-id": state.run})


def load(store: Store, table: str, run: str) -> State | None:
    """The state of a run; None where there is none that this version of the code can use."""
    key = keys.scan_state(table, run)
    if (content := store.get(key)) is None:
        return None
    try:
        return _state(orjson.loads(content))
    except (ValueError, TypeError, KeyError) as error:
        _logger.warning(f"{store.address(key)} can't be used, so the scan begins anew: {error!r}")
        return None


def discard(store: Store, state: State) -> None:
    """Remove a state and all it refers to."""
    if state.upload is not None:
        store.abort_upload(state.draft, state.upload)
        store.delete(state.draft)
    store.delete(keys.scan_state(state.table, state.run))


def _state(fields: dict[str, Any]) -> State:
    if (version := fields.pop("version", None)) != _VERSION:
        raise ValueError(f"it has the version {version}, not {_VERSION}")
    return State(
        **fields
        | {
            "day": date.fromisoformat(fields["day"]),
            "format": Format(fields["format"]),
            "waiting": tuple(Place(**place) for place in fields["waiting"]),
            "parts": tuple(Part(**part) for part in fields["parts"]),
            "tail": base64.b64decode(fields["tail"]),
        }
    )

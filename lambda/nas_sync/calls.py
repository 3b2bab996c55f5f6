"""What the state machine sends to a function: a JSON object, whose fields are checked here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from batchworks.errors import JobError


@dataclass(frozen=True)
class Call:
    """The fields of a call."""

    fields: Mapping[str, Any]

    def text(self, name: str) -> str:
        """A field that has to be there.

        Raises:
            JobError: it isn't, or is no text.
        """
        if (value := self.optional_text(name)) is None:
            raise JobError(f"the call has no field {name}: the state machine has to send it")
        return value

    def optional_text(self, name: str) -> str | None:
        """A field that may be absent, null or empty.

        Raises:
            JobError: it is something else.
        """
        value = self.fields.get(name)
        if value is not None and not isinstance(value, str):
            raise JobError(f"the call's field {name} is {value!r}: it has to be a text")
        return value or None

    def choice(self, name: str, options: Collection[str]) -> str:
        """A field that is one of the options.

        Raises:
            JobError: it is absent or something else.
        """
        value = self.text(name)
        if value not in options:
            raise JobError(
                f"the call's field {name} is {value!r}: it has to be one of {', '.join(options)}"
            )
        return value

    def flag(self, name: str) -> bool:
        """A field that is true or false; absent or null is false.

        Raises:
            JobError: it is something else.
        """
        value = self.fields.get(name)
        if value is not None and not isinstance(value, bool):
            raise JobError(f"the call's field {name} is {value!r}: it has to be true or false")
        return bool(value)


def call_of(event: object) -> Call:
    """The call that an event is.

    Raises:
        JobError: it is no JSON object.
    """
    if not isinstance(event, Mapping):
        raise JobError(f"the call is no JSON object but {type(event).__name__}: send an object")
    return Call(event)

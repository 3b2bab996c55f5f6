"""What there is of DataSync: agents, locations and tasks, as their Describe actions tell them."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from moto.datasync.exceptions import InvalidRequestException

from scripts.local_aws.account import ACCOUNT, PARTITION, REGION

_SHORT = {"location": "loc"}


@dataclass
class Resource:
    """One agent, location or task.

    Attributes:
        arn: Its own.
        described: What its Describe action tells.
        tags: Its tags.
    """

    arn: str
    described: dict[str, Any]
    tags: dict[str, str] = field(default_factory=dict)


class Resources:
    """Every agent, location and task."""

    def __init__(self) -> None:
        self._known: dict[str, Resource] = {}

    def add(
        self, kind: str, described: dict[str, Any], tags: list[dict[str, str]] | None
    ) -> Resource:
        """Keep a new one.

        Args:
            kind: `agent`, `location` or `task`.
            described: What its Describe action is to tell; what is None is not told.
            tags: As the API has them.
        """
        name = f"{_SHORT.get(kind, kind)}-{secrets.token_hex(9)[:17]}"
        arn = f"arn:{PARTITION}:datasync:{REGION}:{ACCOUNT}:{kind}/{name}"
        told = {key: value for key, value in described.items() if value is not None}
        resource = Resource(arn, {"CreationTime": time.time(), **told})
        self.tag(resource, tags or [])
        self._known[arn] = resource
        return resource

    def get(self, arn: str) -> Resource:
        """One of them.

        Raises:
            InvalidRequestException: There is none.
        """
        found = self._known.get(arn or "")
        if found is None:
            raise InvalidRequestException(f"{arn} is not found.")
        return found

    def of(self, kind: str) -> list[Resource]:
        """All of a kind."""
        return [each for arn, each in list(self._known.items()) if f":{kind}/" in arn]

    def remove(self, arn: str) -> None:
        """Forget one.

        Raises:
            InvalidRequestException: There is none.
        """
        del self._known[self.get(arn).arn]

    def tag(self, resource: Resource, tags: list[dict[str, str]]) -> None:
        """Set tags."""
        resource.tags |= {tag["Key"]: tag.get("Value", "") for tag in tags}


RESOURCES = Resources()

"""What only the local AWS can do, asked for from outside: the other end of `control.py`."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests

_REQUEST_LIMIT = 30.0  # seconds


class LocalAwsError(Exception):
    """The local AWS can't do what was asked; the message says why."""


@dataclass(frozen=True)
class Faults:
    """A fault that strikes."""

    control: Control
    name: str

    @property
    def answered(self) -> int:
        """How many requests it answered so far."""
        return self.control.answered_by(self.name)


@dataclass(frozen=True)
class Control:
    """A running local AWS, as somebody who makes time pass and things fail.

    Attributes:
        endpoint: Its URL.
    """

    endpoint: str

    def fire_schedule(self, rule: str) -> None:
        """Let a schedule rule of the default event bus fire now, through all its targets.

        Raises:
            LocalAwsError: There is no such rule, it is disabled, or it has no schedule.
        """
        self._ask("POST", "/_local/fire-schedule", {"rule": rule})

    def complete_restores(self) -> int:
        """Let every restore of an archived object that is under way be done; how many were."""
        return int(self._ask("POST", "/_local/complete-restores")["completed"])

    def expire_restores(self) -> int:
        """Let every restored copy be gone, also those under way; how many there were."""
        return int(self._ask("POST", "/_local/expire-restores")["expired"])

    def write_inventory(self, bucket: str) -> list[str]:
        """Write the inventory reports of a bucket now, as its configurations say.

        Returns:
            Where the manifest of each is, as s3:// URI.

        Raises:
            LocalAwsError: There is no configuration, or S3 may not deliver there.
        """
        answer = self._ask("POST", "/_local/write-inventory", {"bucket": bucket})
        return [str(each) for each in answer["manifests"]]

    def mount_targets_become(self, ending: str) -> None:
        """Say what becomes of mount targets that are being created now or later.

        Args:
            ending: `available`; `creating`, for ever; or `error`.
        """
        self._ask("PUT", "/_local/mount-targets", {"become": ending})

    def tunnels(self, become: str) -> None:
        """Say which tunnels of VPN connections are up, of those that there are and later ones.

        Args:
            become: `up`, both, as soon as they can; `one`; or `down`: they drop, and none comes up.
        """
        self._ask("PUT", "/_local/tunnels", {"become": become})

    def transfers(
        self,
        *,
        fail: int = 0,
        hang: bool = False,
        pause: float = 0.0,
        online: bool = True,
        agent: bool = True,
    ) -> None:
        """Say how DataSync's transfers go, those under way and later ones; without arguments: well.

        Args:
            fail: So many of those that begin from now on end in an error.
            hang: They stop where they are, until somebody cancels them or this ends.
            pause: Seconds before each file.
            online: Whether the NAS can be reached.
            agent: Whether the agent reports to AWS, as far as a tunnel is up.
        """
        how = {"fail": fail, "hang": hang, "pause": pause, "online": online, "agent": agent}
        self._ask("PUT", "/_local/transfers", how)

    def hold(
        self, action: str, nth: int = 1, moment: str = "before", role: str | None = None
    ) -> None:
        """Hold call number `nth` of an action such as `s3.PutObject`, `before` or `after` it.

        Args:
            action: What is called.
            nth: Which call, counted from 1.
            moment: `before` or `after`.
            role: Only calls of the role of this name count.
        """
        asked = {"action": action, "nth": nth, "moment": moment, "role": role}
        self._ask("PUT", "/_local/hold", asked)

    def is_holding(self) -> bool:
        """Whether the call to be held has come."""
        return bool(self._ask("GET", "/_local/hold")["held"])

    def release(self) -> None:
        """Let the held call go on."""
        self._ask("DELETE", "/_local/hold")

    def complete_exports(self) -> int:
        """Let every export of a table in progress be done; how many were."""
        return int(self._ask("POST", "/_local/complete-exports")["completed"])

    def fail_exports(self, code: str, message: str) -> int:
        """Let every export of a table in progress fail; how many were.

        Args:
            code: FailureCode of DescribeExport, such as `S3NoSuchBucket`.
            message: FailureMessage.
        """
        answer = self._ask("POST", "/_local/fail-exports", {"code": code, "message": message})
        return int(answer["failed"])

    def age_backups(self, seconds: float) -> int:
        """Let so much time have passed since point-in-time recovery was switched on.

        What was written since then was written so much earlier, too: nobody has to wait for a
        window of changes to be over.

        Returns:
            How many tables have a history.
        """
        return int(self._ask("POST", "/_local/age-backups", {"seconds": seconds})["tables"])

    @contextmanager
    def faults(
        self,
        *actions: str,
        code: str,
        status: int = 400,
        share: float = 1.0,
        nth: int | None = None,
        role: str | None = None,
        seed: int = 1,
    ) -> Iterator[Faults]:
        """Answer requests with an error while the block lasts, before anything happens.

        Several can strike at a time; the first one that does gives the answer.

        Args:
            actions: Patterns such as `s3.PutObject` or `dynamodb.*`.
            code: The error, such as `ThrottlingException`; it comes in the service's protocol.
            status: HTTP status.
            share: Of the requests, 0 to 1, chosen at random.
            nth: Only this request, counted from 1.
            role: Only requests of the role of this name.
            seed: Of the random choice.

        Raises:
            LocalAwsError: No request can be meant.
        """
        name = uuid.uuid4().hex
        fault = {"actions": actions, "code": code, "status": status, "share": share}
        limits = {"nth": nth, "role": role, "seed": seed}
        self._ask("PUT", f"/_local/faults/{name}", {**fault, **limits})
        try:
            yield Faults(self, name)
        finally:
            self._ask("DELETE", f"/_local/faults/{name}")

    def answered_by(self, fault: str) -> int:
        """How many requests a fault answered so far."""
        return int(self._ask("GET", f"/_local/faults/{fault}")["answered"])

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        try:
            response = requests.request(
                method, self.endpoint + path, json=body, timeout=_REQUEST_LIMIT
            )
        except requests.ConnectionError as error:
            raise LocalAwsError(f"the local AWS at {self.endpoint} does not answer") from error
        if not response.ok:
            raise LocalAwsError(response.json()["error"])
        return response.json()

"""Histories: moto answers them whole and in one order only, whatever is asked for."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.stepfunctions.responses import StepFunctionResponse

from scripts.local_aws.patching import replace

_LARGEST_PAGE = 1000


@replace(StepFunctionResponse)
def get_execution_history(self: Any) -> ActionResult:
    """A page of an execution's events; its token is the number of the next event."""
    found = self.stepfunction_backend.get_execution_history(self._get_param("executionArn"))
    events = found["events"][:: -1 if self._get_param("reverseOrder") else 1]
    begin = int(self._get_param("nextToken") or 0)
    end = begin + (self._get_param("maxResults") or _LARGEST_PAGE)
    more = {"nextToken": str(end)} if end < len(events) else {}
    return ActionResult({"events": events[begin:end], **more})

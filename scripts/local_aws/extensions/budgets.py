"""Budgets: moto loses their tags, tells nobody's subscription, and updates none."""

from __future__ import annotations

import json
from typing import Any

from moto.budgets.exceptions import NotFoundException
from moto.budgets.models import Budget
from moto.budgets.responses import BudgetsResponse

from scripts.local_aws.patching import add, replace

_create = BudgetsResponse.create_budget


@replace(BudgetsResponse)
def create_budget(self: BudgetsResponse) -> str:
    """Make a budget and keep its tags."""
    answer = _create(self)
    _tags(_find(self, self._get_param("Budget")["BudgetName"])).update(
        {tag["Key"]: tag["Value"] for tag in self._get_param("ResourceTags") or []}
    )
    return answer


@add(BudgetsResponse)
def update_budget(self: BudgetsResponse) -> str:
    """Put other settings in the place of a budget's."""
    new = self._get_param("NewBudget")
    _find(self, new["BudgetName"]).budget.update(new)
    return "{}"


@add(BudgetsResponse)
def describe_subscribers_for_notification(self: BudgetsResponse) -> str:
    """Tell who is told."""
    wanted = self._get_param("Notification")
    known = _find(self, self._get_param("BudgetName")).notifications
    found = [each.subscribers for each in known if _same(each.details, wanted)]
    if not found:
        raise NotFoundException("Unable to get subscribers - the notification doesn't exist.")
    return json.dumps({"Subscribers": found[0]})


def _same(details: dict[str, Any], wanted: dict[str, Any]) -> bool:
    names = ("NotificationType", "ComparisonOperator", "Threshold")
    return all(details[name] == wanted[name] for name in names)


@add(BudgetsResponse)
def list_tags_for_resource(self: BudgetsResponse) -> str:
    """Tell the tags of a budget."""
    tags = _tags(_of_arn(self))
    return json.dumps({"ResourceTags": [{"Key": key, "Value": tags[key]} for key in tags]})


@add(BudgetsResponse)
def tag_resource(self: BudgetsResponse) -> str:
    """Set tags of a budget."""
    given = self._get_param("ResourceTags")
    _tags(_of_arn(self)).update({tag["Key"]: tag["Value"] for tag in given})
    return "{}"


@add(BudgetsResponse)
def untag_resource(self: BudgetsResponse) -> str:
    """Take tags of a budget away."""
    for key in self._get_param("ResourceTagKeys"):
        _tags(_of_arn(self)).pop(key, None)
    return "{}"


def _find(request: BudgetsResponse, name: str) -> Budget:
    known = request.backend.budgets[request._get_param("AccountId") or request.current_account]
    if name not in known:
        raise NotFoundException(f"Unable to get budget: {name} - the budget doesn't exist.")
    return known[name]


def _of_arn(request: BudgetsResponse) -> Budget:
    return _find(request, request._get_param("ResourceARN").rpartition("/")[2])


def _tags(budget: Budget) -> dict[str, str]:
    tags: dict[str, str] = vars(budget).setdefault("_tags", {})
    return tags

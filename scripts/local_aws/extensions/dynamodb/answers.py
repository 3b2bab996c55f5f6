"""Answers with many items: moto copies each of them three times to write it, and once more for each
attribute that is asked for.
"""

from __future__ import annotations

import json
from typing import Any, cast

from moto.core.common_types import TYPE_RESPONSE
from moto.core.responses import ActionContext, ActionResult
from moto.dynamodb import responses
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.utilities import DynamoJsonEncoder
from moto.dynamodb.responses import DynamoResult

from scripts.local_aws.patching import replace

_MANY = {"Items", "Responses"}
"""Fields with items, of Query and Scan, and of BatchGetItem."""

_project = Item.project


@replace(cast(Any, responses), "DynamoResult")
class _Result(DynamoResult):
    """Many items are written as they are."""

    def __init__(self, result: object) -> None:
        ActionResult.__init__(self, result)

    def execute_result(self, context: ActionContext) -> TYPE_RESPONSE:
        body = self.result
        if not isinstance(body, dict) or not _MANY & body.keys():
            return DynamoResult(body).execute_result(context)
        written = json.dumps(body, cls=DynamoJsonEncoder, separators=(",", ":"))
        return 200, {"Content-Type": "application/x-amz-json-1.0"}, written


@replace(Item)
def project(self: Item, projection_expressions: list[list[str]]) -> Item:
    """The attributes that are asked for; parts of them are moto's."""
    if any(len(path) > 1 or path[0].endswith("]") for path in projection_expressions):
        return _project(self, projection_expressions)
    names = [path[0] for path in projection_expressions]
    asked = {name: self.attrs[name] for name in names if name in self.attrs}
    return Item(self.hash_key, self.range_key, asked)

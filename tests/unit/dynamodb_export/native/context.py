"""An invocation's context, as handlers are typed to get it."""

from __future__ import annotations

from typing import cast

from aws_lambda_powertools.utilities.typing import LambdaContext

from tests.unit.lambda_context import Context


def context(milliseconds: int = 900_000) -> LambdaContext:
    """With so much time left."""
    return cast("LambdaContext", Context(milliseconds=milliseconds))

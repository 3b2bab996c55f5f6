"""What Lambda hands to a handler besides the event."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Context:
    """As much of an invocation's context as handlers use."""

    function_name: str = "sync-batch-local"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:ap-northeast-1:123456789012:function:x"
    aws_request_id: str = "r-1"
    milliseconds: int = 900_000

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds

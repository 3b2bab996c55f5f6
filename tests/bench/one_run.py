"""One invocation of sync-batch's handler; prints its answer and the most memory it held."""

import json

from sync_batch import handlers
from tests.bench.peak import peak_bytes


class Context:
    """What Lambda tells a function about its invocation."""

    function_name = "sync-batch-local"
    function_version = "$LATEST"
    invoked_function_arn = "arn:aws:lambda:ap-northeast-1:123456789012:function:sync-batch-local"
    memory_limit_in_mb = 512
    aws_request_id = "00000000-0000-0000-0000-000000000000"

    def get_remaining_time_in_millis(self) -> int:
        """Always a whole quarter of an hour."""
        return 900_000


if __name__ == "__main__":
    result = handlers.run({"detail-type": "Scheduled Event"}, Context())  # type: ignore[arg-type]
    print(json.dumps({"result": result, "peak_bytes": peak_bytes()}))

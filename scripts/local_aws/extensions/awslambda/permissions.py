"""Who may call a function: Terraform removes several permissions at once, and moto, which looks for
each of them while another is taken out, says of some that they aren't there.
"""

from __future__ import annotations

import threading

from moto.awslambda.policy import Policy

from scripts.local_aws.patching import replace

_remove = Policy.del_statement
_removing = threading.Lock()


@replace(Policy)
def del_statement(self: Policy, sid: str, revision: str = "") -> None:
    """Remove one statement, and the next only then."""
    with _removing:
        _remove(self, sid, revision)

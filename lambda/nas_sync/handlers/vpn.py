"""The entry point of the Lambda function `VPNManager`."""

from __future__ import annotations

import os

from aws_lambda_powertools.utilities.typing import LambdaContext

from batchworks import logs
from nas_sync import SERVICE, clients
from nas_sync.calls import Call, call_of
from nas_sync.vpn import manager, settings
from nas_sync.vpn.addresses import Announcer
from nas_sync.vpn.connection import Answer
from nas_sync.vpn.ec2 import Ec2
from nas_sync.vpn.manager import ACTIONS, Ways

logger = logs.start(SERVICE)


@logger.inject_lambda_context(clear_state=True)
def run(event: object, _context: LambdaContext) -> Answer:
    """Make, check or take away the VPN connection to the NAS.

    Args:
        event: `{"action": "connect | disconnect | check_status", "vpn_connection_id": "vpn-…"}`;
            the id may be missing.

    Returns:
        status, tunnel1, tunnel2, message, vpn_connection_id, ready.

    Raises:
        JobError: the action is unknown, or AWS refused something.
    """
    with logs.failing_aloud(logger):
        return _run(call_of(event))


def _run(call: Call) -> Answer:
    action = call.choice("action", ACTIONS)
    logger.append_keys(action=action)
    given = settings.load(os.environ)
    logs.set_level(SERVICE, given.log_level)
    ways = Ways(Ec2(clients.ec2(), clients.ec2_once()), Announcer(clients.ssm(), clients.sns()))
    told = manager.manage(ways, given, action, call.optional_text("vpn_connection_id"))
    logger.info(told["message"], extra={"outcome": "complete", "vpn": told})
    return told

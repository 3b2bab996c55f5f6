"""The entry point of the Lambda function `SlackNotifier`."""

from __future__ import annotations

import os
from collections.abc import Mapping

import urllib3
from aws_lambda_powertools.utilities.typing import LambdaContext

from batchworks import logs
from batchworks.secrets_manager import read_secret
from nas_sync import SERVICE, settings
from nas_sync.calls import call_of
from nas_sync.notify import slack
from nas_sync.notify.slack import Webhook

logger = logs.start(SERVICE)
_pool = urllib3.PoolManager()


@logger.inject_lambda_context(clear_state=True)
def run(event: object, _context: LambdaContext) -> dict[str, int]:
    """Pass what the topic was told on to Slack.

    Args:
        event: of SNS.

    Returns:
        How many messages were `posted`.

    Raises:
        JobError: Slack didn't take a message, so that Lambda repeats the run and the event ends
            among the dead letters. The webhook's URL is not in it.
    """
    with logs.failing_aloud(logger):
        posted = _run(call_of(event).fields)
        logger.info("posted", extra={"outcome": "complete", "posted": posted})
        return {"posted": posted}


def _run(event: Mapping[str, object]) -> int:
    given = settings.variables(os.environ)
    logs.set_level(SERVICE, given.choice("LOG_LEVEL", "INFO", settings.LOG_LEVELS))
    arn = given.required("SLACK_SECRET_ARN", "the ARN of the secret with the webhook's URL")
    webhook = Webhook(read_secret(arn, key="url"))
    texts = list(slack.texts(event))
    for text in texts:
        slack.post(_pool, webhook, text)
    return len(texts)

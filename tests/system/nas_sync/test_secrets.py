"""Passwords, keys and webhooks are in no log, history, object, document, item or message."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from tests.system.nas_sync.system import DATA, NasSync, Run
from tests.system.system import eventually

AWAY = "http://127.0.0.1:9/services/nobody-listens-here"  # a port that refuses


def test_secrets_are_written_nowhere(system: NasSync, first: Run) -> None:
    run = system.run(full_sync=True)
    system.aws.transfers(fail=2)
    hidden = secrets(system)
    with slack_away(system):
        failed = system.run()
        letter = given_up(system)
    assert failed.status == "FAILED"
    assert not system.function("BatchWatcher").invoke().failed
    assert len(hidden) == 4, "a password, two keys, a webhook"
    for place, text in places(system, [first, run, failed], letter).items():
        assert text, f"nothing in {place} to look through"
        for secret in [*hidden, *parts(AWAY)]:
            assert secret not in text, place


def secrets(system: NasSync) -> list[str]:
    """What nobody may read, of each secret that the stack is told of."""
    manager, given = system.client("secretsmanager"), system.settings
    arns = (
        given["nas"]["secret_arn"],
        given["vpn"]["preshared_keys_secret_arn"],
        given["slack_secret_arn"],
    )
    told = [manager.get_secret_value(SecretId=arn)["SecretString"] for arn in arns]
    return [part for text in told for part in parts(text)]


def parts(secret: str) -> list[str]:
    """What nobody may read of a secret: of a URL the path, of a login all but the user."""
    try:
        fields = json.loads(secret)
    except ValueError:
        return [urlsplit(secret).path]
    return [value for name, value in fields.items() if name != "user"]


@contextmanager
def slack_away(system: NasSync) -> Iterator[None]:
    """Nobody answers at Slack's address, which is when libraries like to tell it."""
    manager, arn = system.client("secretsmanager"), system.settings["slack_secret_arn"]
    known = manager.get_secret_value(SecretId=arn)["SecretString"]
    manager.put_secret_value(SecretId=arn, SecretString=AWAY)
    try:
        yield
    finally:
        manager.put_secret_value(SecretId=arn, SecretString=known)


def given_up(system: NasSync) -> object:
    """The notification that waits in the dead letters after some tries."""
    found: list[object] = []

    def has_come() -> bool:
        found.extend(system.letters())
        return bool(found)

    eventually(has_come, "the notification waits in the dead letters")
    return found


def places(system: NasSync, runs: list[Run], letters: object) -> dict[str, str]:
    """All that is written while runs go on, as text."""
    functions, states = system.outputs["functions"], system.client("stepfunctions")
    machine = states.describe_state_machine(stateMachineArn=system.outputs["state_machine"]["arn"])
    groups = [each["log_group_name"] for each in (*functions.values(), system.outputs["transfer"])]
    settings = system.client("lambda").get_function_configuration
    return {
        **{group: "\n".join(log(system, group)) for group in groups},
        "histories": told([run.history for run in runs]),
        "messages": told([run.told for run in runs]),
        "dead letters": told(letters),
        "Slack": (system.estate.home / "slack-messages.jsonl").read_text(),
        "state machine": told(machine),
        "settings": told([settings(FunctionName=name) for name in functions]),
        "addresses": told(
            system.client("ssm").get_parameter(Name=system.outputs["vpn"]["address_parameter"])
        ),
        "lists, results and reports": told([written(system, key) for key in lists(system)]),
        "index": told([system.documents(alias) for alias in ("files", "images")]),
        "catalogue": told(system.items()),
    }


def told(value: object) -> str:
    return json.dumps(value, default=str, ensure_ascii=False)


def log(system: NasSync, group: str) -> Iterator[str]:
    pages = system.client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
    return (event["message"] for page in pages for event in page["events"])


def lists(system: NasSync) -> list[str]:
    """Keys of all that runs have written: not of the NAS's files, nor of the model."""
    return [key for key in system.objects("") if not key.startswith((DATA, "models/"))]


def written(system: NasSync, key: str) -> object:
    """What an object holds."""
    return system.lines(key) if key.endswith(".gz") else system.content(key).decode()

"""Passwords, keys and webhooks are in no log, history, object, item or message."""

from __future__ import annotations

import json

from tests.system.nas_sync.system import FUNCTIONS, NasSync, Run

SECRETS = ("nas", "slack_secret_arn", "vpn")


def values(system: NasSync) -> list[str]:
    """The secret parts of all secrets: of the NAS the password, of Slack's URL the path."""
    manager = system.client("secretsmanager")
    told = [
        manager.get_secret_value(SecretId=each["ARN"])["SecretString"]
        for each in manager.list_secrets()["SecretList"]
        if each["Name"].startswith(("CIS-", "cis-"))
    ]
    found: list[str] = []
    for text in told:
        try:
            found += [value for name, value in json.loads(text).items() if name != "user"]
        except ValueError:
            found.append(text)
    assert len(found) >= 3
    return found


def test_secrets_are_written_nowhere(system: NasSync, first: Run) -> None:
    run = system.run(full_sync=True)
    system.aws.transfers(fail=2)
    failed = system.run()
    places = {
        "logs": "\n".join(line for name in FUNCTIONS for line in system.function(name).log()),
        "histories": json.dumps([each.history for each in (first, run, failed)], default=str),
        "messages": json.dumps([each.told for each in (first, run, failed)]),
        "state machine": json.dumps(
            system.client("stepfunctions").describe_state_machine(
                stateMachineArn=system.outputs["state_machine"]["arn"]
            ),
            default=str,
        ),
        "settings of functions": json.dumps(
            [
                system.client("lambda").get_function_configuration(FunctionName=name)
                for name in FUNCTIONS
            ],
            default=str,
        ),
        "manifests and reports": "\n".join(
            json.dumps(system.lines(key))
            if key.endswith(".gz")
            else system.content(key).decode(errors="replace")
            for prefix in ("manifests/", "reports/", "work/", "indexed/", "problems/")
            for key in system.objects(prefix)
        ),
        "catalogue": json.dumps(system.items()),
    }
    for secret in values(system):
        for place, text in places.items():
            assert secret not in text, place

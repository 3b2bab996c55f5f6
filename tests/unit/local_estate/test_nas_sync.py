"""What nas-sync is lent: a NAS, its secrets, OpenSearch, a model, and Slack's place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import requests

from scripts import background
from scripts.local_aws import start
from scripts.local_estate import postgres, seed, slack_receiver
from scripts.local_estate.estate import Estate
from scripts.local_estate.systems.nas_sync import MODEL_KEY, SYSTEM, nas

SEARCH = "http://127.0.0.1:9200"


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    """An estate with an OpenSearch that somebody else runs."""
    home = tmp_path_factory.mktemp("nas")
    [slack] = SYSTEM.servers
    with (
        pytest.MonkeyPatch.context() as patch,
        start(home) as aws,
        background.running(slack.module, home / slack.ready, "--home", str(home)),
    ):
        patch.setenv("OPENSEARCH_ENDPOINT", SEARCH)
        none = postgres.Postgres(home, 1, "")
        yield Estate(home, aws, none, seed.network(aws.client))


def secret(estate: Estate, arn: str) -> str:
    """What a secret holds."""
    told = estate.aws.client("secretsmanager").get_secret_value(SecretId=arn)
    return str(told["SecretString"])


def test_what_is_lent_stays_the_same(estate: Estate) -> None:
    lent = SYSTEM.lend(estate)
    keys = secret(estate, lent["vpn"]["preshared_keys_secret_arn"])

    assert SYSTEM.lend(estate) == lent
    assert secret(estate, lent["vpn"]["preshared_keys_secret_arn"]) == keys
    assert lent["search"]["endpoint"] == SEARCH


def test_the_keys_of_the_vpn_are_such_as_aws_takes(estate: Estate) -> None:
    lent = SYSTEM.lend(estate)
    keys = json.loads(secret(estate, lent["vpn"]["preshared_keys_secret_arn"]))
    ec2 = estate.aws.client("ec2")
    router = ec2.create_customer_gateway(Type="ipsec.1", PublicIp="198.51.100.7", BgpAsn=65000)
    gateway = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]

    made = ec2.create_vpn_connection(
        Type="ipsec.1",
        CustomerGatewayId=router["CustomerGateway"]["CustomerGatewayId"],
        VpnGatewayId=gateway,
        Options={
            "TunnelOptions": [{"PreSharedKey": keys[name]} for name in ("tunnel1", "tunnel2")]
        },
    )

    assert made["VpnConnection"]["State"] in {"pending", "available"}


def test_who_tries_it_gets_files_and_the_model(estate: Estate, monkeypatch: Any) -> None:
    monkeypatch.setattr("scripts.local_estate.systems.nas_sync._FILES", 20)
    lent = SYSTEM.lend(estate)
    seed.bucket(estate.aws.client, "raw")

    advice = SYSTEM.hand_over(estate, {"buckets": {"raw": "raw"}, "state_machine": {"arn": "a"}})

    model = estate.aws.client("s3").get_object(Bucket="raw", Key=MODEL_KEY)["Body"].read()
    assert sha256(model).hexdigest() == lent["model"]["sha256"]
    assert len([path for path in nas(estate).rglob("*") if path.is_file()]) >= 20
    assert "make nas-sync ENV=local" in advice


def test_what_is_sent_to_slack_is_kept(estate: Estate) -> None:
    url = secret(estate, SYSTEM.lend(estate)["slack_secret_arn"])

    answers = [
        requests.post(url, json={"text": "✅ 完了"}, timeout=10),
        requests.post(url, data="no JSON", timeout=10),
        requests.post(f"{url}x", json={"text": "to somebody else"}, timeout=10),
    ]

    assert [(each.status_code, each.text) for each in answers] == [
        (200, "ok"),
        (400, "invalid_payload"),
        (404, "no_service"),
    ]
    assert slack_receiver.messages(estate.home) == [{"text": "✅ 完了"}]


def test_nothing_was_sent_where_no_receiver_has_run(tmp_path: Path) -> None:
    assert slack_receiver.messages(tmp_path) == []

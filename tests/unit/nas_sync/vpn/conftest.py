"""An AWS in process, in which VPN connections come and go in no time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from moto import mock_aws

from nas_sync import clients
from nas_sync.vpn.addresses import Announcer
from nas_sync.vpn.connection import Answer
from nas_sync.vpn.ec2 import Ec2
from nas_sync.vpn.manager import Ways, manage
from nas_sync.vpn.settings import OnDemand, Settings
from scripts.local_aws import extensions
from scripts.local_aws.tunnels import VPN_CONNECTIONS, Tunnels
from tests.unit.nas_sync.invoking import lines, listen

__all__ = ["lines", "listen"]

KEYS = {"tunnel1": "a.very.secret.Key.1", "tunnel2": "a.very.secret.Key.2"}
PARAMETER = "/cis/vpn/addresses"


@dataclass(frozen=True)
class Site:
    """Two gateways, a secret, and a queue that hears what the topic is told."""

    ways: Ways
    given: Settings
    queue: str

    @property
    def on_demand(self) -> OnDemand:
        assert self.given.on_demand
        return self.given.on_demand

    def do(self, action: str, connection_id: str | None = None) -> Answer:
        return manage(self.ways, self.given, action, connection_id)

    def connections(self) -> list[Any]:
        """Those that aren't gone, as EC2 describes them."""
        found = self.ways.ec2.patient.describe_vpn_connections()["VpnConnections"]
        return [each for each in found if each["State"] in {"pending", "available"}]

    def parameter(self) -> Any:
        return self.ways.announcer.ssm.get_parameter(Name=PARAMETER)["Parameter"]["Value"]

    def notices(self) -> list[dict[str, str]]:
        """What the topic was told since the last look."""
        sqs = boto3.client("sqs")
        found = sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10)
        messages = found.get("Messages", [])
        for each in messages:
            sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=each["ReceiptHandle"])
        return [json.loads(each["Body"]) for each in messages]


@pytest.fixture(scope="package")
def _aws() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "ap-northeast-1")
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        with mock_aws():
            extensions.load("ec2")
            yield


@pytest.fixture(autouse=True)
def _swift(_aws: None) -> Iterator[None]:
    before, VPN_CONNECTIONS.seconds = VPN_CONNECTIONS.seconds, 0.0
    VPN_CONNECTIONS.become(Tunnels.UP)
    yield
    VPN_CONNECTIONS.seconds = before


@pytest.fixture
def site(_aws: None) -> Iterator[Site]:
    ec2, sns, sqs = boto3.client("ec2"), boto3.client("sns"), boto3.client("sqs")
    router = ec2.create_customer_gateway(Type="ipsec.1", PublicIp="198.51.100.1", BgpAsn=65000)
    gateway = ec2.create_vpn_gateway(Type="ipsec.1")
    secrets = boto3.client("secretsmanager")
    secret = secrets.create_secret(Name="psk", SecretString=json.dumps(KEYS))["ARN"]
    boto3.client("ssm").put_parameter(Name=PARAMETER, Value="none yet", Type="String")
    topic = sns.create_topic(Name="told")["TopicArn"]
    queue = sqs.create_queue(QueueName="heard")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn["QueueArn"])
    on_demand = OnDemand(
        environment="local",
        customer_gateway=router["CustomerGateway"]["CustomerGatewayId"],
        vpn_gateway=gateway["VpnGateway"]["VpnGatewayId"],
        preshared_keys=secret,
        inside_cidrs=("169.254.10.0/30", "169.254.11.0/30"),
        nas_cidr="192.168.10.0/24",
        address_parameter=PARAMETER,
        topic=topic,
    )
    ways = Ways(Ec2(clients.ec2(), clients.ec2_once()), Announcer(clients.ssm(), clients.sns()))
    yield Site(ways, Settings("INFO", None, on_demand), queue)
    for connection in ec2.describe_vpn_connections()["VpnConnections"]:
        ec2.delete_vpn_connection(VpnConnectionId=connection["VpnConnectionId"])
    boto3.client("ssm").delete_parameter(Name=PARAMETER)
    secrets.delete_secret(SecretId=secret, ForceDeleteWithoutRecovery=True)
    sns.delete_topic(TopicArn=topic)
    sqs.delete_queue(QueueUrl=queue)

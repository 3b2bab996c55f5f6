"""The outside addresses of a new connection: the router on the NAS's side has to know them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nas_sync.aws import telling
from nas_sync.vpn.connection import Connection
from nas_sync.vpn.settings import OnDemand

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_ssm import SSMClient

SUBJECT = "CIS NAS Sync: VPN の接続先アドレスが変わりました"


@dataclass(frozen=True)
class Announcer:
    """Ways to those who look after the router."""

    ssm: SSMClient
    sns: SNSClient


def announce(announcer: Announcer, given: OnDemand, connection: Connection) -> bool:
    """Tell people and the parameter of new addresses; whether they are new.

    The parameter is written last: after a kill between the two people hear it twice, never not.
    """
    if not connection.addresses:
        return False
    addresses = dict(zip(("tunnel1", "tunnel2"), connection.addresses, strict=True))
    value = json.dumps(addresses)
    if _published(announcer.ssm, given.address_parameter) == value:
        return False
    with telling(f"tell {given.topic} of new outside addresses"):
        announcer.sns.publish(
            TopicArn=given.topic, Subject=SUBJECT, Message=notice(given, connection.id, addresses)
        )
    with telling(f"write the parameter {given.address_parameter}"):
        announcer.ssm.put_parameter(
            Name=given.address_parameter, Value=value, Type="String", Overwrite=True
        )
    return True


def notice(given: OnDemand, connection_id: str, addresses: Mapping[str, str]) -> str:
    """What people are told. Pure; no key is in it."""
    first, second = given.inside_cidrs
    return f"""VPN 接続 {connection_id} の AWS 側の外部アドレスが変わりました。

  トンネル 1: {addresses["tunnel1"]}(内側 {first})
  トンネル 2: {addresses["tunnel2"]}(内側 {second})

NAS 側ルーターの対向アドレスを、この 2 つに変更してください。
事前共有キーと内側のアドレスは変わりません。
変更するまでトンネルは UP にならず、バッチは決められた回数だけ確認したあと失敗します。

現在の値を見るコマンド:
  aws ssm get-parameter --name {given.address_parameter} --query Parameter.Value --output text
"""


def _published(ssm: SSMClient, parameter: str) -> str | None:
    with telling(f"read the parameter {parameter}"):
        try:
            return ssm.get_parameter(Name=parameter)["Parameter"]["Value"]
        except ssm.exceptions.ParameterNotFound:
            return None

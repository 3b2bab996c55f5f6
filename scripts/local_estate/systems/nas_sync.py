"""nas-sync's surroundings: a NAS and its secrets, those of VPN and Slack, OpenSearch, a model."""

from __future__ import annotations

import json
import os
import secrets
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from scripts.local_aws import opensearch
from scripts.local_aws.account import ACCOUNT, PARTITION, REGION
from scripts.local_estate import seed, slack_receiver
from scripts.local_estate.systems import Outputs, Server, System

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.local_estate.estate import Estate

SERVER = "nas.cis.internal"
SHARE = "/share"
_MODEL = "stand-in-2048.onnx"
MODEL_KEY = f"models/{_MODEL}"
_FILES = 300
"""What lies on the NAS of `make up` if nobody has put anything there; a minute's work in all."""

_TRY = """\
The NAS is the folder {nas} with {files:,} files; AWS answers at {aws}, OpenSearch at {search}. Try:

  make nas-sync ENV=local
  make search ENV=local Q=見積書
  . {home}/aws.env && aws stepfunctions list-executions --state-machine-arn {machine}
  cat {home}/slack-messages.jsonl"""


def nas(estate: Estate) -> Path:
    """The folder that stands for the NAS's share."""
    return estate.aws.nas_folder(SERVER, SHARE)


def search(estate: Estate) -> opensearch.OpenSearch:
    """The OpenSearch of an estate, which ends with it; started if it isn't there.

    Raises:
        NotStartedError: it can't be started; the message says what to install.
    """
    found = opensearch.found(estate.home)
    return found or opensearch.start(estate.home, owner=estate.aws.pid)


def put_model(estate: Estate, bucket: str) -> None:
    """Upload the image model, for which the stack has made the bucket."""
    estate.aws.client("s3").upload_file(str(_model(estate)), bucket, MODEL_KEY)


def _lend(estate: Estate) -> dict[str, Any]:
    return {
        "route_table_ids": _route_tables(estate),
        "nas": {
            "server_hostname": SERVER,
            "subdirectory": SHARE,
            "secret_arn": _secret(estate, "CIS-NAS-Share", "user", "password"),
            "cidr": "192.168.10.0/24",
        },
        "vpn": {
            "mode": "on_demand",
            "router_ip": "198.51.100.10",
            "preshared_keys_secret_arn": _secret(
                estate, "cis-filesearch/vpn", "tunnel1", "tunnel2"
            ),
        },
        "search": {
            "endpoint": search(estate).endpoint,
            "domain_arn": f"arn:{PARTITION}:es:{REGION}:{ACCOUNT}:domain/local",
        },
        "model": {"key": MODEL_KEY, "sha256": sha256(_model(estate).read_bytes()).hexdigest()},
        "slack_secret_arn": seed.secret(
            estate.aws.client, "cis-filesearch/slack", slack_receiver.webhook(estate.home)
        ),
    }


def _route_tables(estate: Estate) -> list[str]:
    found = estate.aws.client("ec2").describe_route_tables(
        Filters=[{"Name": "vpc-id", "Values": [estate.network["vpc_id"]]}]
    )
    return [str(table["RouteTableId"]) for table in found["RouteTables"]]


def _secret(estate: Estate, name: str, *members: str) -> str:
    """A secret with random members, unless it is there; its ARN."""
    manager = estate.aws.client("secretsmanager")
    try:
        return str(manager.describe_secret(SecretId=name)["ARN"])
    except manager.exceptions.ResourceNotFoundException:
        values = {member: f"local.{secrets.token_hex(12)}" for member in members}
        return seed.secret(estate.aws.client, name, json.dumps(values))


def _model(estate: Estate) -> Path:
    from scripts.nas_sync.stand_in import stand_in  # noqa: PLC0415  # onnx takes a second

    path = estate.home / _MODEL
    return path if path.exists() else stand_in(path)


def _hand_over(estate: Estate, outputs: Outputs) -> str:
    from scripts.local_estate import nas_share  # noqa: PLC0415  # so do libraries of Office files

    put_model(estate, outputs["buckets"]["raw"])
    if not any(nas(estate).iterdir()):
        nas_share.make_share(nas(estate), files=_FILES)
    return _TRY.format(
        aws=estate.aws.endpoint,
        files=sum(len(files) for _, _, files in os.walk(nas(estate))),
        home=estate.told_home,
        machine=outputs["state_machine"]["arn"],
        nas=os.path.relpath(nas(estate)),
        search=search(estate).endpoint,
    )


SYSTEM = System(
    servers=(Server(slack_receiver.MODULE, slack_receiver.READY_FILE),),
    lend=_lend,
    hand_over=_hand_over,
    take_back=opensearch.stop,
)

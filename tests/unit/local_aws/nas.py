"""A NAS and a way to copy it: locations, tasks, executions, a VPN connection."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.local_aws import LocalAws
from scripts.local_aws.account import ACCOUNT
from tests.unit.local_aws.machines import trust
from tests.unit.local_aws.workshop import Workshop, allow, eventually, unique

ENDED = {"SUCCESS", "ERROR"}


@dataclass(frozen=True)
class Nas:
    """A share, and the prefix of a bucket that it is copied to."""

    aws: LocalAws
    workshop: Workshop
    server: str
    bucket: str
    role: str
    source: str
    destination: str

    @property
    def share(self) -> Path:
        """The folder that stands for the share."""
        return self.aws.nas_folder(self.server, "/share")

    def write(self, *names: str, content: str = "content") -> None:
        """Put files on the share."""
        for name in names:
            path = self.share / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
            os.utime(path, ns=(1_700_000_001_000_000_001, 1_700_000_000_123_456_789))

    def task(self, **settings: Any) -> str:
        """A task that copies the share; returns its ARN."""
        settings = {"Options": {"PreserveDeletedFiles": "REMOVE"}, **settings}
        made = self._datasync().create_task(
            SourceLocationArn=self.source, DestinationLocationArn=self.destination, **settings
        )
        return str(made["TaskArn"])

    def start(self, task: str, **settings: Any) -> str:
        """Start a task; returns the execution's ARN."""
        return str(
            self._datasync().start_task_execution(TaskArn=task, **settings)["TaskExecutionArn"]
        )

    def look(self, execution: str) -> dict[str, Any]:
        """What is told of an execution."""
        told: dict[str, Any] = self._datasync().describe_task_execution(TaskExecutionArn=execution)
        return told

    def comes_to(self, execution: str, *statuses: str) -> dict[str, Any]:
        """Wait until an execution has one of these statuses."""
        return eventually(
            lambda: told if (told := self.look(execution))["Status"] in statuses else {}
        )

    def run(self, task: str | None = None, **settings: Any) -> dict[str, Any]:
        """Start a task and wait for its end."""
        return self.comes_to(self.start(task or self.task(**settings)), *ENDED)

    def keys(self) -> list[str]:
        """The keys of all files in the bucket, without the prefix."""
        listed = self.aws.client("s3").list_objects_v2(Bucket=self.bucket).get("Contents", [])
        names = [str(each["Key"]).removeprefix("monthly-sync/") for each in listed]
        return [name for name in names if not name.endswith("/")]

    def versions(self, name: str) -> list[bool]:
        """Of every version of an object, the latest one first, whether it is a delete marker."""
        told = self.aws.client("s3").list_object_versions(
            Bucket=self.bucket, Prefix=f"monthly-sync/{name}"
        )
        markers = [(each["IsLatest"], True) for each in told.get("DeleteMarkers", [])]
        objects = [(each["IsLatest"], False) for each in told.get("Versions", [])]
        return [marker for _, marker in sorted(markers + objects, reverse=True)]

    def head(self, name: str) -> dict[str, Any]:
        """What is told of an object."""
        told: dict[str, Any] = self.aws.client("s3").head_object(
            Bucket=self.bucket, Key=f"monthly-sync/{name}"
        )
        return told

    def _datasync(self) -> Any:
        return self.aws.client("datasync")


def rights(bucket: str) -> list[dict[str, Any]]:
    """What DataSync's role has to be allowed."""
    arn = f"arn:aws:s3:::{bucket}"
    of_bucket = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
    of_objects = [
        *("s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:GetObjectTagging"),
        *("s3:ListMultipartUploadParts", "s3:PutObject", "s3:PutObjectTagging"),
    ]
    return [
        *(allow(action, arn) for action in of_bucket),
        *(allow(action, f"{arn}/monthly-sync/*") for action in of_objects),
    ]


def make_nas(workshop: Workshop) -> Nas:
    """A NAS with an empty share, a versioned bucket, and locations of both."""
    aws, server, bucket = workshop.aws, unique("nas"), workshop.bucket()
    aws.nas_folder(server, "/share")
    aws.client("s3").put_bucket_versioning(
        Bucket=bucket, VersioningConfiguration={"Status": "Enabled"}
    )
    role = workshop.role(*rights(bucket), AssumeRolePolicyDocument=trust("datasync"))
    datasync = aws.client("datasync")
    agent = datasync.create_agent(ActivationKey="LOCAL-00000-00000-00000-00001")["AgentArn"]
    source = datasync.create_location_smb(
        ServerHostname=server,
        Subdirectory="/share",
        User="reader",
        Password="not to be told",
        AgentArns=[agent],
    )
    return Nas(aws, workshop, server, bucket, role, source["LocationArn"], s3(aws, bucket, role))


def s3(aws: LocalAws, bucket: str, role: str) -> str:
    """A location of the bucket; returns its ARN."""
    made = aws.client("datasync").create_location_s3(
        S3BucketArn=f"arn:aws:s3:::{bucket}",
        Subdirectory="/monthly-sync/",
        S3StorageClass="INTELLIGENT_TIERING",
        S3Config={"BucketAccessRoleArn": f"arn:aws:iam::{ACCOUNT}:role/{role}"},
    )
    return str(made["LocationArn"])


def customer_gateway(aws: LocalAws) -> str:
    """A router on premises; returns its id."""
    made = aws.client("ec2").create_customer_gateway(
        Type="ipsec.1", PublicIp="198.51.100.7", BgpAsn=65000
    )
    return str(made["CustomerGateway"]["CustomerGatewayId"])


@contextmanager
def vpn_connection(aws: LocalAws, **settings: Any) -> Iterator[str]:
    """A VPN connection that is there while the block lasts; its id."""
    ec2 = aws.client("ec2")
    settings = {"CustomerGatewayId": customer_gateway(aws), **settings}
    gateway = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    made = ec2.create_vpn_connection(Type="ipsec.1", VpnGatewayId=gateway, **settings)
    connection = str(made["VpnConnection"]["VpnConnectionId"])
    yield connection
    ec2.delete_vpn_connection(VpnConnectionId=connection)


def tunnels(aws: LocalAws, connection: str) -> list[str]:
    """The status of both tunnels."""
    return [each["Status"] for each in look(aws, connection)["VgwTelemetry"]]


def look(aws: LocalAws, connection: str) -> dict[str, Any]:
    """What is told of a VPN connection."""
    told = aws.client("ec2").describe_vpn_connections(VpnConnectionIds=[connection])
    found: dict[str, Any] = told["VpnConnections"][0]
    return found

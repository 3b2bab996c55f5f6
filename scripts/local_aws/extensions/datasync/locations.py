"""Locations: a share of a NAS, SMB or NFS, or a prefix of a bucket.

A password is taken and never told again. DataSync tries the role of a bucket when its location is
made: https://docs.aws.amazon.com/datasync/latest/userguide/create-s3-location.html
"""

from __future__ import annotations

from typing import Any

from moto.datasync.exceptions import InvalidRequestException
from moto.datasync.responses import DataSyncResponse

from scripts.local_aws.extensions.datasync.requests import answer, asked, given
from scripts.local_aws.iam import grants
from scripts.local_aws.patching import add, replace
from scripts.local_aws.transfers.destination import Destination, RefusedError
from scripts.local_aws.transfers.resources import RESOURCES, Resource

_SMB = ("AgentArns", "User", "Domain", "MountOptions")
_NFS = ("OnPremConfig", "MountOptions")


@replace(DataSyncResponse)
def create_location_smb(self: DataSyncResponse) -> str:
    """Make a location of a share."""
    settings = asked(self, *_SMB)
    settings["MountOptions"] = settings["MountOptions"] or {"Version": "AUTOMATIC"}
    return _create(self, _uri("smb", self), {**settings, "AuthenticationType": "NTLM"})


@add(DataSyncResponse)
def create_location_nfs(self: DataSyncResponse) -> str:
    """Make a location of an export."""
    settings = asked(self, *_NFS)
    settings["MountOptions"] = settings["MountOptions"] or {"Version": "AUTOMATIC"}
    return _create(self, _uri("nfs", self), settings)


@replace(DataSyncResponse)
def create_location_s3(self: DataSyncResponse) -> str:
    """Make a location of a prefix that its role may write to."""
    bucket = self._get_param("S3BucketArn").rsplit(":", 1)[-1]
    prefix = (self._get_param("Subdirectory") or "").strip("/")
    settings = asked(self, "S3Config", "S3StorageClass", "AgentArns")
    settings["S3StorageClass"] = settings["S3StorageClass"] or "STANDARD"
    uri = f"s3://{bucket}/{prefix}" + ("/" if prefix else "")
    _try_role(settings["S3Config"]["BucketAccessRoleArn"], uri)
    return _create(self, uri, settings)


def _try_role(role: str, uri: str) -> None:
    name = role.rsplit("/", 1)[-1]
    if not grants.trusts(name, "datasync.amazonaws.com", source=_ANY_LOCATION):
        raise InvalidRequestException(f"Unable to assume role. Reason: {role} does not trust it")
    bucket, _, prefix = uri.removeprefix("s3://").partition("/")
    try:
        Destination(bucket, prefix, role, "STANDARD").try_role()
    except RefusedError as refused:
        raise InvalidRequestException(
            f"DataSync location access test failed: {refused}"
        ) from refused


_ANY_LOCATION = "arn:aws:datasync:ap-northeast-1:123456789012:location/loc-00000000000000000"


def _uri(kind: str, request: DataSyncResponse) -> str:
    folder = (request._get_param("Subdirectory") or "").strip("/")
    server = request._get_param("ServerHostname")
    return f"{kind}://{server}/{folder}" + ("/" if folder else "")


def _create(request: DataSyncResponse, uri: str, settings: dict[str, Any]) -> str:
    made = RESOURCES.add("location", {"LocationUri": uri, **settings}, request._get_param("Tags"))
    return answer(LocationArn=made.arn)


def _describe(self: DataSyncResponse) -> str:
    """Tell of a location."""
    found = _find(self)
    return answer(LocationArn=found.arn, **found.described)


for _name in ("describe_location_smb", "describe_location_s3"):
    replace(DataSyncResponse, _name)(_describe)


@add(DataSyncResponse)
def describe_location_nfs(self: DataSyncResponse) -> str:
    """Tell of a location of an export."""
    return _describe(self)


@add(DataSyncResponse)
def update_location_smb(self: DataSyncResponse) -> str:
    """Change a location of a share."""
    return _update(self, "smb", *_SMB)


@add(DataSyncResponse)
def update_location_nfs(self: DataSyncResponse) -> str:
    """Change a location of an export."""
    return _update(self, "nfs", *_NFS)


def _update(request: DataSyncResponse, kind: str, *names: str) -> str:
    found = _find(request)
    found.described |= given(request, *names)
    server = found.described["LocationUri"].split("/")[2]
    server = request._get_param("ServerHostname") or server
    folder = request._get_param("Subdirectory")
    if folder:
        found.described["LocationUri"] = f"{kind}://{server}/{folder.strip('/')}/"
    return answer()


@replace(DataSyncResponse)
def delete_location(self: DataSyncResponse) -> str:
    """Delete a location that no task needs."""
    found = _find(self)
    ends = ("SourceLocationArn", "DestinationLocationArn")
    for task in RESOURCES.of("task"):
        if found.arn in [task.described[end] for end in ends]:
            raise InvalidRequestException(f"Location {found.arn} is in use by {task.arn}.")
    RESOURCES.remove(found.arn)
    return answer()


@replace(DataSyncResponse)
def list_locations(self: DataSyncResponse) -> str:
    """Tell of all locations."""
    del self
    known = RESOURCES.of("location")
    return answer(
        Locations=[
            {"LocationArn": each.arn, "LocationUri": each.described["LocationUri"]}
            for each in known
        ]
    )


def _find(request: DataSyncResponse) -> Resource:
    return RESOURCES.get(request._get_param("LocationArn"))

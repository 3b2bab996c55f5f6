"""efs-autoscaler's surroundings: a subnet in a third zone; and very many files, if asked for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scripts.local_aws.account import REGION
from scripts.local_estate.systems import Outputs, System

if TYPE_CHECKING:
    from scripts.local_estate.estate import Estate

ZONE = f"{REGION}d"
_CIDR = "10.20.2.0/24"

_TRY = """\
The file system {file_system} is the folder {folder}; AWS answers at {aws}. Try:

  make trigger ENV=local JOB=efs-autoscaler WAIT=1
  . {home}/aws.env && aws efs describe-mount-targets --file-system-id {file_system}
  aws ssm get-parameter --name {parameter}"""


def fill(folder: Path, files: int, directories: int = 256) -> None:
    """Make empty files, spread evenly over directories of directories; the same ones every time.

    Args:
        folder: Where; it may hold other files.
        files: How many.
        directories: How many directories have files; each 16 of them lie in one directory more.
    """
    for number in range(directories):
        directory = folder / f"{number // 16:04}" / f"{number % 16:02}"
        directory.mkdir(parents=True, exist_ok=True)
        _fill(directory, range(number, files, directories))


def files_of(estate: Estate, outputs: Outputs) -> Path:
    """The folder on this machine that the controller sees at its mount path."""
    efs = estate.aws.client("efs")
    [point] = efs.describe_access_points(AccessPointId=outputs["access_points"]["controller"])[
        "AccessPoints"
    ]
    root = str(point["RootDirectory"]["Path"]).strip("/")
    folder = estate.aws.file_system_folder(point["FileSystemId"]) / root
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _fill(directory: Path, numbers: range) -> None:
    opened = os.open(directory, os.O_RDONLY)
    try:
        for number in numbers:
            os.close(os.open(f"{number:08}", os.O_CREAT | os.O_WRONLY, 0o644, dir_fd=opened))
    finally:
        os.close(opened)


def _lend(estate: Estate) -> dict[str, Any]:
    subnets = [*estate.network["private_subnet_ids"], _third_subnet(estate)]
    return {"candidate_subnet_ids": subnets}


def _third_subnet(estate: Estate) -> str:
    """A subnet in another zone of the VPC: the controller may go there, nothing else is there."""
    ec2, vpc = estate.aws.client("ec2"), estate.network["vpc_id"]
    wanted = {"vpc-id": vpc, "cidr-block": _CIDR}
    filters = [{"Name": name, "Values": [value]} for name, value in wanted.items()]
    for found in ec2.describe_subnets(Filters=filters)["Subnets"]:
        return str(found["SubnetId"])
    made = ec2.create_subnet(VpcId=vpc, CidrBlock=_CIDR, AvailabilityZone=ZONE)
    return str(made["Subnet"]["SubnetId"])


def _hand_over(estate: Estate, outputs: Outputs) -> str:
    folder = files_of(estate, outputs)
    return _TRY.format(
        aws=estate.aws.endpoint,
        home=estate.told_home,
        folder=os.path.relpath(folder),
        file_system=outputs["file_system"]["id"],
        parameter=outputs["list_parameter"]["name"],
    )


SYSTEM = System(lend=_lend, hand_over=_hand_over)

"""A service starts as long as one mount works."""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
from collections.abc import Iterator
from multiprocessing.pool import Pool
from pathlib import Path

import boto3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moto import mock_aws

from scripts.efs_mounts import __main__ as entry_point

PARAMETER = "/app/efs/mount-targets"
STARTED = 42
# In place of mount(8): mount targets of the network 10.0.0.0/24 work.
MOUNT = """#!/bin/sh
case "$4" in *=10.0.0.*) exit 0;; esac
echo "mount.nfs4: Connection refused" >&2
exit 32
"""


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    """A process whose signals the entry point may have, and whose mounts are a program of ours."""
    programs = tmp_path_factory.mktemp("programs")
    (programs / "mount").write_text(MOUNT)
    (programs / "mount").chmod(0o755)
    with multiprocessing.get_context("spawn").Pool(1, prepare, (str(programs),)) as pool:
        yield pool


def prepare(programs: str) -> None:
    os.environ["PATH"] = f"{programs}:{os.environ['PATH']}"
    os.environ["AWS_DEFAULT_REGION"] = "ap-northeast-1"
    logging.disable()
    mock_aws().start()


def start(works: list[bool], listed: bool, root: str) -> int:
    """Exit code of the entry point, by which targets work, and whether SSM lists them."""
    entries = [
        {"ip_address": f"10.0.{0 if good else 1}.{number}"} for number, good in enumerate(works)
    ]
    ssm = boto3.client("ssm")
    value = json.dumps({"mount_targets": entries}) if listed else "garbled"
    ssm.put_parameter(Name=PARAMETER, Value=value, Type="String", Overwrite=True)
    environment = {
        "EFS_FILE_SYSTEM_ID": "fs-1",
        "SSM_PARAMETER_NAME": PARAMETER,
        "EFS_MOUNT_ROOT": root,
        "EFS_DEFAULT_TARGETS": json.dumps([] if listed else entries),
        "EXPECTED": ":".join(f"{root}/efs-{n}" for n, good in enumerate(works) if good),
    }
    application = ["/bin/sh", "-c", f'[ "$EFS_MOUNTS" = "$EXPECTED" ] && exit {STARTED}']
    return entry_point.main(["--", *application], environment)


@settings(max_examples=100)
@given(works=st.lists(st.booleans(), min_size=1, max_size=6), listed=st.booleans())
def test_property_8_the_service_starts_if_and_only_if_a_mount_works(
    process: Pool, tmp_path_factory: pytest.TempPathFactory, works: list[bool], listed: bool
) -> None:
    """Feature: efs-mount-target-autoscaling, Property 8: one mount that works is enough.

    The application is told of those that work and of no other.
    """
    root = Path(tmp_path_factory.getbasetemp(), "property-8")
    code = process.apply(start, (works, listed, str(root)))
    assert code == (STARTED if any(works) else entry_point.NO_MOUNT)

"""An S3 server on loopback that is faster than its clients, so that these are what is measured."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError

from scripts.background import free_port
from scripts.setup import checkers
from scripts.setup.console import SetupError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

SERVER = "github.com/versity/versitygw/cmd/versitygw@v1.8.0"
REGION = "ap-northeast-1"
KEYS = {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench-secret"}
READY_SECONDS = 20


@contextmanager
def environment(home: Path) -> Iterator[dict[str, str] | None]:
    """Variables that lead a client to the server; None where there is none to be had.

    `BENCH_S3_ENDPOINT` names another server, which the shell's own credentials have to suit.

    Args:
        home: where the server keeps its objects.
    """
    common = {"AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION, "AWS_EC2_METADATA_DISABLED": "1"}
    if given := os.environ.get("BENCH_S3_ENDPOINT"):
        yield {**common, "AWS_ENDPOINT_URL": given}
        return
    try:
        program = checkers.built("versitygw", SERVER)
    except SetupError:
        yield None
        return
    port = free_port()
    for folder in ("objects", "versions"):
        (home / folder).mkdir()
    with subprocess.Popen(
        [
            program, "--port", f"127.0.0.1:{port}", "--region", REGION, "--quiet",
            "--access", KEYS["AWS_ACCESS_KEY_ID"], "--secret", KEYS["AWS_SECRET_ACCESS_KEY"],
            "posix", "--versioning-dir", home / "versions", home / "objects",
        ],
        stdout=subprocess.DEVNULL,
    ) as server:  # fmt: skip
        try:
            found = {**common, **KEYS, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}
            _wait(found)
            yield found
        finally:
            server.terminate()


def bucket(environment: dict[str, str], name: str) -> None:
    """Make a versioned bucket."""
    s3 = client(environment)
    s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})


def client(environment: dict[str, str]) -> S3Client:
    """A client of the server."""
    return boto3.client(
        "s3",
        endpoint_url=environment["AWS_ENDPOINT_URL"],
        region_name=REGION,
        aws_access_key_id=environment.get("AWS_ACCESS_KEY_ID"),
        aws_secret_access_key=environment.get("AWS_SECRET_ACCESS_KEY"),
    )


def _wait(environment: dict[str, str]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            client(environment).list_buckets()
        except BotoCoreError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return

"""The host's programs with the real AWS CLI: its options are right, and the stand-in is like it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from scripts.local_estate.postgres import Postgres
from tests.unit.archive_host.databases import Machine
from tests.unit.archive_host.host import LISTS, PARAMETER, PROGRAMS, REGION, Host, tool
from tests.unit.archive_host.updates import NEEDED, Updated, package

KEYS = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": REGION}


@pytest.fixture
def aws(host: Host) -> Iterator[boto3.Session]:
    """An AWS that boto3 and the AWS CLI reach, with an empty bucket."""
    program = shutil.which("aws")
    if program is None:
        pytest.skip("the AWS CLI, which a host has, is not installed here")
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    name, port = server.get_host_and_port()
    variables = {**KEYS, "AWS_ENDPOINT_URL": f"http://{name}:{port}"}
    (host.bin / "aws").unlink()
    exports = "".join(f"export {name}='{value}'\n" for name, value in variables.items())
    host.stand_in("aws", f'{exports}exec "{program}" "$@"')
    with pytest.MonkeyPatch.context() as patch:
        for variable in variables.items():
            patch.setitem(os.environ, *variable)
        session = boto3.Session()
        session.client("s3").create_bucket(
            Bucket=LISTS, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        yield session
        clean(session)
    server.stop()


def clean(session: boto3.Session) -> None:
    """Leave nothing: what moto keeps is shared by all tests of the process."""
    s3 = session.client("s3")
    for entry in s3.list_objects_v2(Bucket=LISTS).get("Contents", []):
        s3.delete_object(Bucket=LISTS, Key=entry["Key"])
    s3.delete_bucket(Bucket=LISTS)
    session.client("ssm").delete_parameters(Names=[PARAMETER])
    session.client("secretsmanager").delete_secret(SecretId="smb", ForceDeleteWithoutRecovery=True)


def test_a_dump_goes_to_s3_and_comes_back(aws: boto3.Session, host: Host, server: Postgres) -> None:
    machine = Machine(host, server)
    machine.fill()
    before = machine.rows()

    dumped = machine.run("archive-dump")
    machine.sql("DROP DATABASE archive WITH (FORCE)", database="postgres")
    restored = machine.run("archive-restore-database")

    assert dumped.returncode == 0, dumped.stderr
    assert restored.returncode == 0, restored.stderr
    assert machine.rows() == before
    machine.drop()
    s3 = aws.client("s3")
    (entry,) = s3.list_objects_v2(Bucket=LISTS, Prefix="dumps/")["Contents"]
    head = s3.head_object(Bucket=LISTS, Key=entry["Key"], ChecksumMode="ENABLED")
    assert head["ChecksumSHA256"]
    (metric,) = aws.client("cloudwatch").list_metrics(
        Namespace="batchworks/archive", MetricName="DumpBytes"
    )["Metrics"]
    assert metric["Dimensions"] == [{"Name": "Host", "Value": "keeper"}]


def test_a_host_without_dumps_is_told(aws: boto3.Session, host: Host, server: Postgres) -> None:
    assert aws.region_name == REGION

    done = Machine(host, server).run("archive-restore-database")

    assert done.returncode == 1
    assert "archive rebuild" in done.stderr


def test_an_update_reads_parameter_package_and_secret(
    aws: boto3.Session, host: Host, empty_venv: Path
) -> None:
    missing = [name for name in NEEDED if tool(name) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)}: the host has them, this machine hasn't")
    machine = Updated(host, empty_venv)
    path, description = package(machine.root, "real")
    aws.client("s3").upload_file(str(path), LISTS, description["key"])
    login = {"username": "archiver", "password": 'pa"ss\\日本'}
    secret = aws.client("secretsmanager").create_secret(Name="smb", SecretString=json.dumps(login))
    share = {"source": "//fsx/営業", "mount": "/srv/shares/main", "secret_arn": secret["ARN"]}
    configuration = {
        "package": description,
        "settings": {"ARCHIVE_BUCKET": "日本"},
        "page": {"login_secret_arn": None, "port": 8501},
        "shares": [share],
    }
    aws.client("ssm").put_parameter(Name=PARAMETER, Value=json.dumps(configuration), Type="String")

    machine.updated()

    assert machine.archive() == "real"
    assert (machine.etc / "archive.env").read_text() == "ARCHIVE_BUCKET='日本'\n"
    credentials = (machine.etc / "credentials" / "main").read_text()
    assert credentials == 'username=archiver\npassword=pa"ss\\日本\n'


def test_health_is_reported(aws: boto3.Session, host: Host) -> None:
    reconciled = host.folder / "reconciled"
    reconciled.touch()
    ten_days_ago = reconciled.stat().st_mtime - 10 * 86400
    os.utime(reconciled, (ten_days_ago, ten_days_ago))
    text = (PROGRAMS / "archive-health").read_text()
    for path, here in (
        ("/var/lib/pgsql", host.folder),
        ("/var/lib/batchworks/reconciled", reconciled),
    ):
        assert path in text
        text = text.replace(path, str(here))
    program = host.folder / "archive-health"
    program.write_text(text)
    program.chmod(0o755)

    done = host.run(program, variables={"ARCHIVE_HOST": "keeper"})

    assert done.returncode == 0, done.stderr
    cloudwatch = aws.client("cloudwatch")
    for name in ("DataVolumeUsedPercent", "DaysSinceReconcile"):
        found = cloudwatch.list_metrics(Namespace="batchworks/archive", MetricName=name)
        (metric,) = found["Metrics"]
        assert metric["Dimensions"] == [{"Name": "Host", "Value": "keeper"}]

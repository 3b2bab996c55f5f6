"""What callers, alarms and logs get of the functions that deal with native exports."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any

import pytest

from batchworks.errors import JobError
from dynamodb_export import handlers, keys
from tests.unit.dynamodb_export.native.context import context
from tests.unit.dynamodb_export.native.plant import Plant


@dataclass(frozen=True)
class Said:
    """What functions print: log lines by their own handler, metrics to standard output."""

    log: io.StringIO
    out: pytest.CaptureFixture[str]

    def forget(self) -> None:
        self.out.readouterr()


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Said:
    """From now on."""
    found = Said(io.StringIO(), capsys)
    monkeypatch.setattr(handlers.logger.registered_handler, "stream", found.log)
    return found


@pytest.fixture
def tables(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Names of configured tables, by mode; that of the mode scan is without recovery."""
    names = {"native": plant.table("users"), "scan": plant.table("prod", recovery=False)}
    plant.put(names["native"], "a", "b")
    plant.aws.age_backups(86400)
    for name, value in {
        "ENVIRONMENT": "local",
        "BUCKET_NAME": plant.bucket,
        "AWS_ACCOUNT_ID": "123456789012",
        "TABLE_NAME": names["scan"],
        "TABLES": json.dumps({name: {"mode": mode} for mode, name in names.items()}),
    }.items():
        monkeypatch.setenv(name, value)
    return names


def body(answer: dict[str, Any]) -> dict[str, Any]:
    assert answer["statusCode"] == 200
    told: dict[str, Any] = json.loads(answer["body"])
    return told


def lines(said: Said) -> tuple[dict[str, Any], dict[str, Any]]:
    """The last log line, and the metrics."""
    (metrics,) = said.out.readouterr().out.splitlines()
    return json.loads(said.log.getvalue().splitlines()[-1]), json.loads(metrics)


def test_exports_are_started_followed_and_moved(
    plant: Plant, tables: dict[str, str], said: Said
) -> None:
    batch = body(handlers.batch_export({}, context()))
    assert batch["message"] == "Batch export initiated"
    assert [(r["tableName"], r["status"]) for r in batch["results"]] == [
        (tables["native"], "INITIATED")
    ]
    last, metrics = lines(said)
    assert (last["outcome"], last["message"]) == ("complete", "Batch export initiated")
    assert (metrics["service"], metrics["environment"]) == ("batch-export", "local")
    assert (metrics["TablesFailed"], metrics["ExportsStarted"]) == ([0.0], [1.0])

    plant.aws.complete_exports()
    assert body(handlers.partition({}, context())) == {
        "message": "Partitioning completed", "processedCount": 0, "finished": True, "waiting": 1,
    }  # fmt: skip
    said.forget()
    assert body(handlers.follow_up({}, context())) == {
        "message": "Exports followed",
        "completed": 1,
    }
    last, metrics = lines(said)
    assert last["outcome"] == "complete"
    assert (metrics["service"], metrics["TablesFailed"]) == ("export-follow-up", [0.0])

    before = plant.names(f"{keys.EXPORTS}dt=")
    dry = body(handlers.partition({"dryRun": True}, context()))
    assert (dry["processedCount"], dry["planned"]) == (0, len(before))
    done = body(handlers.partition({}, context()))
    assert done == {
        "message": "Partitioning completed", "processedCount": len(before), "finished": True,
    }  # fmt: skip
    assert plant.names(f"{keys.EXPORTS}dt=") == []
    assert len(plant.names()) == len(before)


def test_one_failed_table_is_a_partial_run(tables: dict[str, str], said: Said) -> None:
    answer = body(handlers.batch_export({"tables": list(tables.values())}, context()))
    assert sorted(row["status"] for row in answer["results"]) == ["FAILED", "INITIATED"]
    last, metrics = lines(said)
    assert last["outcome"] == "partial"
    assert metrics["TablesFailed"] == [1.0]


def test_a_run_in_which_all_failed_fails(tables: dict[str, str], said: Said) -> None:
    with pytest.raises(JobError, match="no export began"):
        handlers.batch_export({"tables": [tables["scan"]]}, context())
    last, metrics = lines(said)
    assert (last["outcome"], metrics["TablesFailed"]) == ("failed", [1.0])
    assert last["functionName"] == context().function_name
    assert "point-in-time recovery" in last["error"]
    assert last["stack"]


def test_a_table_that_is_not_configured_is_refused(tables: dict[str, str]) -> None:
    with pytest.raises(JobError, match=f"ask for one of {tables['scan']}, {tables['native']}"):
        handlers.batch_export({"tables": ["other"]}, context())


def test_partitioning_ends_before_its_time_does(plant: Plant, tables: dict[str, str]) -> None:
    plant.put_object(f"{keys.EXPORTS}dt=2026-02-28/{tables['scan']}.json", b"[]")
    told = body(handlers.partition({}, context(milliseconds=59_000)))
    assert told == {
        "message": "Partitioning completed", "processedCount": 0, "finished": False,
    }  # fmt: skip
    assert body(handlers.partition({}, context()))["processedCount"] == 1


def test_what_can_t_be_moved_fails_the_run(
    plant: Plant, tables: dict[str, str], said: Said
) -> None:
    plant.put_object(f"{keys.EXPORTS}dt=2026-02-28/{tables['scan']}.json", b"[]")
    with (
        plant.aws.faults("s3.CopyObject", code="AccessDenied", status=403),
        pytest.raises(JobError, match="1 could not be moved"),
    ):
        handlers.partition({}, context())
    last, metrics = lines(said)
    assert (last["outcome"], metrics["ObjectsFailed"]) == ("failed", [1.0])


def test_partitioning_outlasts_throttling(plant: Plant, tables: dict[str, str]) -> None:
    for day in range(1, 9):
        plant.put_object(f"{keys.EXPORTS}dt=2026-02-0{day}/{tables['scan']}.json", b"[]")
    with plant.aws.faults("s3.*", code="SlowDown", status=503, share=0.2):
        assert body(handlers.partition({}, context()))["processedCount"] == 8
    assert plant.names(f"{keys.EXPORTS}dt=") == []


@pytest.mark.parametrize(("algorithm", "kind"), [("SHA256", "COMPOSITE"), ("CRC32", "FULL_OBJECT")])
def test_a_copy_in_parts_has_its_source_s_checksum(
    plant: Plant, tables: dict[str, str], algorithm: str, kind: str
) -> None:
    table = tables["scan"]
    where = {"Bucket": plant.bucket, "Key": f"{keys.EXPORTS}dt=2026-02-28/{table}.json"}
    upload = plant.s3.create_multipart_upload(
        **where, ChecksumAlgorithm=algorithm, ChecksumType=kind
    )["UploadId"]
    parts = [
        plant.s3.upload_part(
            **where, UploadId=upload, PartNumber=number, Body=body, ChecksumAlgorithm=algorithm
        )
        | {"PartNumber": number}
        for number, body in enumerate([b"x" * 5 * 2**20, b"y" * 6 * 2**20, b"z"], 1)
    ]
    named = ("PartNumber", "ETag", f"Checksum{algorithm}")
    plant.s3.complete_multipart_upload(
        **where,
        UploadId=upload,
        MultipartUpload={"Parts": [{name: part[name] for name in named} for part in parts]},
    )
    source = plant.s3.head_object(**where, ChecksumMode="ENABLED")
    assert body(handlers.partition({}, context()))["processedCount"] == 1
    target = f"{keys.EXPORTS}year=2026/month=02/day=28/{table}/{table}.json"
    copy = plant.s3.head_object(Bucket=plant.bucket, Key=target, ChecksumMode="ENABLED")
    same = ("ETag", "ContentLength", "ChecksumType", f"Checksum{algorithm}")
    assert {name: copy[name] for name in same} == {name: source[name] for name in same}

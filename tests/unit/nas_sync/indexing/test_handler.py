"""The functions that write to OpenSearch, as the state machine calls them."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest

from batchworks.errors import JobError, SettingsError
from nas_sync import keys
from nas_sync.errors import SearchUnavailable
from tests.unit.lambda_context import Context
from tests.unit.nas_sync.estate import ARCHIVE, BATCH, BUCKET, TABLE, Estate, result, row


@pytest.fixture
def environment(
    estate: Estate, opensearch_endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> pytest.MonkeyPatch:
    """The variables of both functions."""
    variables = {
        "ENVIRONMENT": "dev",
        "RAW_BUCKET": BUCKET,
        "ARCHIVE_BUCKET": ARCHIVE,
        "METADATA_TABLE": TABLE,
        "OPENSEARCH_ENDPOINT": opensearch_endpoint,
        "OPENSEARCH_REGION": "ap-northeast-1",
        "FILES_ALIAS": estate.indices.files_alias,
        "IMAGES_ALIAS": estate.indices.images_alias,
        "NAS_LOCATION": "//nas/share/",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def index(**call: object) -> dict[str, Any]:
    from nas_sync.handlers.index import run  # noqa: PLC0415 - takes the process's logs

    answer: dict[str, Any] = run(call, cast("Any", Context()))
    return answer


def archive(**call: object) -> dict[str, Any]:
    from nas_sync.handlers.deleted import run  # noqa: PLC0415

    answer: dict[str, Any] = run(call, cast("Any", Context()))
    return answer


@pytest.mark.usefixtures("environment")
def test_the_indexer_answers_with_counts(
    estate: Estate, capsys: pytest.CaptureFixture[str]
) -> None:
    work = estate.work([row("a.txt"), row("b.txt")])
    estate.results(work, [result("a.txt", text="x")])

    told = index(batch=BATCH, work=work)

    assert told == {"indexed_count": 2, "dynamodb_count": 2, "errors": 0}
    assert estate.documents()["b.txt"]["nas_path"] == "//nas/share/b.txt"
    assert json.loads(json.dumps(told)) == told
    assert "secret" not in capsys.readouterr().out


@pytest.mark.usefixtures("environment")
def test_the_archiver_answers_with_counts(estate: Estate) -> None:
    estate.s3.put_object(Bucket=BUCKET, Key="monthly-sync/a.txt", Body=b"x")
    estate.s3.delete_object(Bucket=BUCKET, Key="monthly-sync/a.txt")
    line = {"key": "monthly-sync/a.txt", "size": 1, "etag": "9dd4e461268c8034f5c8564e155c67a6"}
    estate.store.write_lines(keys.deleted(BATCH), [line])

    told = archive(batch=BATCH)

    assert told == {"done": True, "archived_count": 1, "moved_count": 0, "failed_count": 0}


@pytest.mark.usefixtures("environment")
def test_a_call_without_a_field_names_it() -> None:
    with pytest.raises(JobError, match="no field work"):
        index(batch=BATCH)
    with pytest.raises(JobError, match="no field batch"):
        archive()


def test_a_missing_setting_is_named(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("METADATA_TABLE")
    with pytest.raises(SettingsError, match="METADATA_TABLE"):
        index(batch=BATCH, work="w")


def test_an_opensearch_that_is_down_is_unavailable_by_name(
    estate: Estate, environment: pytest.MonkeyPatch
) -> None:
    work = estate.work([row("a.txt")])
    environment.setenv("OPENSEARCH_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(SearchUnavailable):
        index(batch=BATCH, work=work)
    assert not estate.store.exists(keys.indexed(BATCH, keys.name_of(work)))

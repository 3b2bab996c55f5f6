"""YouTube's stand-in, settings that lead to it, and an empty S3."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from scripts import youtube_stand_in
from scripts.youtube_stand_in import World
from sync_batch import settings
from sync_batch.settings import Settings
from tests.conftest import Database


@pytest.fixture(scope="session")
def youtube_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[youtube_stand_in.YouTube]:
    """A stand-in that runs as long as the tests do."""
    with youtube_stand_in.start(tmp_path_factory.mktemp("youtube")) as running:
        yield running


@pytest.fixture
def youtube(youtube_process: youtube_stand_in.YouTube) -> youtube_stand_in.YouTube:
    """The stand-in as new: demo channels, no faults, all of its quota."""
    youtube_process.reset(youtube_stand_in.DEMO)
    return youtube_process


@pytest.fixture
def environ(
    database: Database, youtube: youtube_stand_in.YouTube, tmp_path: Path
) -> dict[str, str]:
    """Variables for a run against the stand-in and an empty database."""
    return {
        **database.settings(),
        "ENVIRONMENT": "local",
        "YOUTUBE_ENDPOINT": youtube.endpoint,
        "YOUTUBE_API_KEY": youtube.key,
        "YOUTUBE_CHANNELS": ",".join(youtube_stand_in.DEMO.channel_ids),
        "CSV_FOLDER": str(tmp_path / "csv"),
    }


@pytest.fixture
def given(environ: dict[str, str]) -> Settings:
    """The settings of such a run."""
    return settings.load(environ)


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty bucket."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        boto3.client("s3").create_bucket(
            Bucket="some-bucket", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"}
        )
        yield "some-bucket"


def listed(world: World) -> str:
    """All channels of a world, as `YOUTUBE_CHANNELS` takes them."""
    return ",".join(world.channel_ids)

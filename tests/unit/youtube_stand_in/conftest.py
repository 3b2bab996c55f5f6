"""One stand-in for all tests here, as new for each."""

from collections.abc import Iterator
from typing import Any

import pytest
from googleapiclient.discovery import build

from scripts.youtube_stand_in import DEMO, YouTube, start


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[YouTube]:
    """A stand-in in a process of its own."""
    with start(tmp_path_factory.mktemp("youtube")) as youtube:
        yield youtube


@pytest.fixture
def youtube(running: YouTube) -> YouTube:
    """The stand-in with the demo's world, nothing wrong and all counters at 0."""
    running.reset(DEMO)
    return running


@pytest.fixture
def client(youtube: YouTube) -> Iterator[Any]:
    """Google's client, with the stand-in's key."""
    with connect(youtube, youtube.key) as service:
        yield service


def connect(youtube: YouTube, key: str | None) -> Any:
    """Google's client for the stand-in."""
    return build(
        "youtube",
        "v3",
        developerKey=key,
        static_discovery=True,
        client_options={"api_endpoint": youtube.endpoint},
    )

from collections.abc import Iterator

import pytest

from scripts.local_estate.systems.sync_batch import CSV_BUCKET
from scripts.youtube_stand_in import Channel, Trait, World
from tests.system.sync_batch.system import SyncBatch
from tests.system.system import applied, eventually

# Ids and handles are made from seed and number alone: the applied settings name the demo's
# channels, and any world with that seed has those.
SMALL = World(
    channels=(
        Channel(60),
        Channel(30),
        Channel(20, traits=frozenset({Trait.HIDDEN_SUBSCRIBERS})),
        Channel(10, traits=frozenset({Trait.LIVE})),
        Channel(40, traits=frozenset({Trait.UNAVAILABLE_VIDEOS})),
        Channel(10, traits=frozenset({Trait.HIDDEN_LIKES})),
        Channel(10, traits=frozenset({Trait.COMMENTS_DISABLED})),
        Channel(0),
        Channel(5, traits=frozenset({Trait.DELETED})),
    )
)
LIVING = 8  # channels of SMALL that aren't deleted


sync_batch = applied("sync-batch", SyncBatch)


@pytest.fixture
def system(sync_batch: SyncBatch) -> Iterator[SyncBatch]:
    """The deployed stack with an empty database, bucket and queue, and a YouTube without faults."""
    sync_batch.youtube.reset(SMALL)
    _empty(sync_batch)
    yield sync_batch
    sync_batch.youtube.reset(SMALL)
    sync_batch.kill_handlers()
    eventually(lambda: not sync_batch.handlers(), "no handler is left")


def _empty(system: SyncBatch) -> None:
    system.rows("DROP TABLE IF EXISTS video_statistics, videos, channels, sync_runs")
    for key in system.csv_objects():
        system.client("s3").delete_object(Bucket=CSV_BUCKET, Key=key)
    for letter in system.dead_letters():
        system.client("sqs").delete_message(
            QueueUrl=system.dead_letter_url(), ReceiptHandle=letter["ReceiptHandle"]
        )

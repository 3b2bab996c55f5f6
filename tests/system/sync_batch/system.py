"""The deployed sync-batch, as its tests see it."""

from __future__ import annotations

from typing import Any, ClassVar

from scripts import runs
from scripts.local_estate.systems.sync_batch import CSV_BUCKET, DATABASE, youtube
from scripts.youtube_stand_in import YouTube
from tests.system.function import Answer, Function
from tests.system.system import System

FUNCTION = "sync-batch-local"
GROUP = f"/aws/lambda/{FUNCTION}"
DEAD_LETTERS = f"{FUNCTION}-dlq"


class SyncBatch(System):
    """The deployed stack, the YouTube beside it, and what runs leave behind."""

    database: ClassVar[str] = DATABASE

    @property
    def youtube(self) -> YouTube:
        return youtube(self.estate)

    @property
    def function(self) -> Function:
        return Function(self.aws, FUNCTION)

    def invoke(self, event: object = None) -> Answer:
        return self.function.invoke(event)

    def send(self, event: object) -> None:
        self.function.send(event)

    def log(self) -> list[str]:
        return self.function.log()

    def dead_letters(self) -> list[dict[str, Any]]:
        return self.function.dead_letters()

    def dead_letter_url(self) -> str:
        return self.function.dead_letter_url()

    def follow(self, event_id: str) -> runs.LogLine:
        """Wait for the run that an event started; the line that tells its outcome."""
        *_, last = runs.follow(self.client("logs"), GROUP, event_id)
        return last

    def csv_objects(self) -> dict[str, bytes]:
        """The CSV files in the bucket, by key."""
        s3 = self.client("s3")
        listed = s3.list_objects_v2(Bucket=CSV_BUCKET, Prefix="raw/").get("Contents", [])
        return {
            item["Key"]: s3.get_object(Bucket=CSV_BUCKET, Key=item["Key"])["Body"].read()
            for item in listed
        }

    def somebody_waits(self) -> bool:
        """Whether a session of the job waits for a lock on a table."""
        return bool(
            self.value(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE application_name = 'sync-batch' AND wait_event_type = 'Lock'"
            )
        )

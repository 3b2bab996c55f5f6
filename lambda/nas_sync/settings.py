"""What several functions are told; each function's own settings are in its folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from batchworks.settings import Variables
from nas_sync.records import Index

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True)
class Common:
    """What every function that works on files needs to know."""

    environment: str
    log_level: str
    raw_bucket: str


@dataclass(frozen=True)
class SearchSettings:
    """Where OpenSearch is, and by which names its indices are reached."""

    endpoint: str  # a URL
    region: str  # requests are signed for it
    files_alias: str
    images_alias: str

    def alias(self, index: Index) -> str:
        """The name by which an index is reached."""
        return self.files_alias if index == "files" else self.images_alias


def variables(environ: Mapping[str, str]) -> Variables:
    """The function's environment variables by name.

    Args:
        environ: such as `os.environ`.
    """
    return Variables(environ, {}, "the function's environment variables")


def common(given: Variables) -> Common:
    """What every function is told.

    Raises:
        SettingsError: a variable is missing or malformed; the message names it and the remedy.
    """
    return Common(
        environment=given.optional("ENVIRONMENT") or "prd",
        log_level=given.choice("LOG_LEVEL", "INFO", LOG_LEVELS),
        raw_bucket=given.required("RAW_BUCKET", "the bucket that DataSync writes to"),
    )


def archive_bucket(given: Variables) -> str:
    """The bucket that keeps deleted files.

    Raises:
        SettingsError: it isn't given.
    """
    return given.required("ARCHIVE_BUCKET", "the bucket that keeps deleted files")


def metadata_table(given: Variables) -> str:
    """DynamoDB's table of files.

    Raises:
        SettingsError: it isn't given.
    """
    return given.required("METADATA_TABLE", "the DynamoDB table with an item for each file")


def search(given: Variables) -> SearchSettings:
    """Where OpenSearch is.

    Raises:
        SettingsError: it isn't given.
    """
    return SearchSettings(
        endpoint=given.required("OPENSEARCH_ENDPOINT", "the URL of the domain, https://…"),
        region=given.optional("OPENSEARCH_REGION") or given.required("AWS_REGION", "the region"),
        files_alias=given.optional("FILES_ALIAS") or "files",
        images_alias=given.optional("IMAGES_ALIAS") or "images",
    )

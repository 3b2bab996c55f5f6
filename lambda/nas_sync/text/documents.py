"""Reads Office documents with kreuzberg: text alone, nothing fetched, nothing recognised."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import kreuzberg

from nas_sync.extraction.answers import Unreadable

_OFFICE = "application/vnd.openxmlformats-officedocument"
_TYPES = {
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "xlsb": "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "rtf": "application/rtf",
}
_OPTIONS: dict[str, Any] = {  # the library's stub lacks some
    "use_cache": False,
    "enable_quality_processing": False,  # the text as it is
    "disable_ocr": True,
    "concurrency": kreuzberg.ConcurrencyConfig(max_threads=1),
    "postprocessor": kreuzberg.PostProcessorConfig(enabled=False),
}
_CONFIG = kreuzberg.ExtractionConfig(**_OPTIONS)
_CONFIG.max_archive_depth = 0  # files in files stay closed
_REASONS = {"password": "encrypted", "encrypted": "encrypted", "security limit": "too_large"}


def text(path: Path, document: str) -> str:
    """What is written in a document.

    Args:
        path: where it lies.
        document: what it is: docx, xlsx, xlsb, pptx, xls, ppt or rtf.

    Raises:
        Unreadable: it is damaged or protected, or unpacks to more than memory holds.
    """
    try:
        return kreuzberg.extract_file_sync(path, _TYPES[document], config=_CONFIG).content
    except kreuzberg.KreuzbergError as error:
        told = str(error).partition(": ")[2]
        found = (reason for sign, reason in _REASONS.items() if sign in told.lower())
        raise Unreadable(next(found, "corrupt"), f"as {document}: {told}") from error

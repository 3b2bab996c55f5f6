"""Reads the text of a document, whatever its extension says it is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import kreuzberg

from nas_sync.extraction.answers import Answer, Extract


def start(options: Mapping[str, Any]) -> Extract:
    """Get ready.

    Args:
        options: `characters`, the most that are kept of a text.
    """
    config = kreuzberg.ExtractionConfig(use_cache=False)
    most = int(options["characters"])

    def extract(path: Path, _name: str) -> Answer:
        text = kreuzberg.extract_file_sync(path, config=config).content
        return {"status": "indexed", "text": text[:most], "truncated": len(text) > most}

    return extract

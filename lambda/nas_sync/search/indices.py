"""The indices: what they are, and that they are there before anything is written.

An index is a version behind an alias: `files-v1` behind `files`. Everybody reads and writes by the
alias; a change of the mapping is a new version, which `make reindex` fills before the alias moves.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError, RequestError

from nas_sync.errors import SearchError
from nas_sync.records import Index
from nas_sync.search import spelling
from nas_sync.search.client import telling

NAMES: tuple[Index, ...] = ("files", "images")


@dataclass(frozen=True)
class Definition:
    """An index as the code wants it."""

    version: int
    written_from: int  # the oldest version of the index that takes what the code writes
    body: Mapping[str, Any]  # settings and mappings, as OpenSearch takes them


@cache
def definition(name: Index) -> Definition:
    """The definition of an index, from the files beside this one."""
    body = _read(f"{name}.json")
    analysis = _read("analysis.json")
    analysis["char_filter"]["one_form"]["mappings"] = spelling.one_form()
    analysis["char_filter"]["katakana"]["mappings"] = spelling.katakana()
    body["settings"]["analysis"] = analysis
    about = body["mappings"]["_meta"]
    return Definition(about["version"], about["written_from"], body)


def ensure(client: OpenSearch, alias: str, wanted: Definition) -> None:
    """See that an index is there and takes what is written; make it where there is none.

    Any number of functions may do this at the same time.

    Args:
        client: of OpenSearch.
        alias: name by which the index is reached.
        wanted: as the code wants it.

    Raises:
        SearchError: it is too old for this code, or the alias isn't as it should be.
        SearchUnavailable: OpenSearch doesn't answer.
    """
    index = live(client, alias) or _create(client, alias, wanted)
    if (version := version_of(client, index)) < wanted.written_from:
        raise SearchError(
            f"the index {index} has version {version} of its mapping, this code writes version "
            f"{wanted.version}: run `make reindex`"
        )


def live(client: OpenSearch, alias: str) -> str | None:
    """The index behind an alias; None where there is no such alias.

    Raises:
        SearchError: there are several, or an index has the alias's name.
        SearchUnavailable: OpenSearch doesn't answer.
    """
    with telling(f"look for the index behind the alias {alias}"):
        try:
            found = list(client.indices.get_alias(name=alias))
        except NotFoundError:
            if client.indices.exists(index=alias):
                raise SearchError(
                    f"there is an index named {alias}, which has to be an alias: delete that "
                    "index, or give the alias another name"
                ) from None
            return None
    if len(found) > 1:
        raise SearchError(
            f"the alias {alias} stands for {', '.join(sorted(found))}: leave it to one of them"
        )
    return str(found[0])


def version_of(client: OpenSearch, index: str) -> int:
    """Version of an index's mapping; 0 where it tells none."""
    with telling(f"read the mapping of the index {index}"):
        mapping = client.indices.get_mapping(index=index)[index]["mappings"]
    return int(mapping.get("_meta", {}).get("version", 0))


def named(alias: str, wanted: Definition) -> str:
    """Name of the index that a definition makes."""
    return f"{alias}-v{wanted.version}"


def _create(client: OpenSearch, alias: str, wanted: Definition) -> str:
    index = named(alias, wanted)
    with telling(f"create the index {index}"):
        try:
            client.indices.create(index=index, body={**wanted.body, "aliases": {alias: {}}})
        except RequestError as error:
            if error.error != "resource_already_exists_exception":
                raise
    if (made := live(client, alias)) is None:  # another function made it, alias and all
        raise SearchError(
            f"the index {index} is there, but not the alias {alias}: point the alias at the index "
            "that holds the files (POST /_aliases)"
        )
    return made


def _read(file: str) -> dict[str, Any]:
    text = (resources.files(__package__) / "definitions" / file).read_text(encoding="utf-8")
    return dict(json.loads(text))

"""An index is there, once, whoever asks first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from opensearchpy import OpenSearch, TransportError

from nas_sync.errors import SearchError, SearchUnavailable
from nas_sync.search import indices, spelling
from nas_sync.search.client import connect, telling
from tests.unit.nas_sync.payloads import MOST, size


def test_many_functions_make_it_once(search: OpenSearch, alias: str) -> None:
    definition = indices.definition("files")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: indices.ensure(search, alias, definition), range(4)))
    assert list(search.indices.get(index=f"{alias}*")) == [f"{alias}-v1"]
    assert indices.live(search, alias) == f"{alias}-v1"


def test_an_index_of_the_name_of_the_alias_is_told(search: OpenSearch, alias: str) -> None:
    search.indices.create(index=alias)
    with pytest.raises(SearchError, match="which has to be an alias"):
        indices.ensure(search, alias, indices.definition("files"))


def test_an_alias_of_two_indices_is_told(search: OpenSearch, alias: str) -> None:
    for version in (1, 2):
        search.indices.create(index=f"{alias}-v{version}", body={"aliases": {alias: {}}})
    with pytest.raises(SearchError, match=f"{alias}-v1, {alias}-v2"):
        indices.ensure(search, alias, indices.definition("files"))


def test_an_index_that_lost_its_alias_is_told(search: OpenSearch, alias: str) -> None:
    search.indices.create(index=f"{alias}-v1")
    with pytest.raises(SearchError, match="point the alias at the index"):
        indices.ensure(search, alias, indices.definition("files"))


def test_an_unknown_field_is_refused(search: OpenSearch, alias: str) -> None:
    indices.ensure(search, alias, indices.definition("images"))
    with pytest.raises(SearchError, match="strict"), telling("write"):
        search.index(index=alias, body={"colour": "red"})


def test_a_node_that_is_down_is_unavailable() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        gone = connect("http://127.0.0.1:9", "ap-northeast-1")
    with pytest.raises(SearchUnavailable, match="gave no answer"):
        indices.live(gone, "files")


def test_a_page_that_a_load_balancer_answers_fits_into_a_payload() -> None:
    page = f"<html>{'Bad Gateway' * 10_000}</html>"
    with pytest.raises(SearchUnavailable, match=r"502 .*try again") as told, telling("write"):
        raise TransportError(502, page, page)
    assert size(told.value) < MOST


def test_every_spelling_has_one_rule_and_leads_to_a_form_that_has_none() -> None:
    rules = dict(rule.split(" => ") for rule in spelling.one_form())
    assert len(rules) == len(spelling.one_form())
    assert rules["髙"] == "高"
    assert rules["ｶﾞ"] == "ガ"
    assert rules["か\\u3099"] == "が"
    assert rules["\\uff0d"] == "\\u002d"
    assert rules["\\u3000"] == "\\u0020"
    single = {told for told in rules.values() if len(told) == 1}
    assert not single & set(rules)

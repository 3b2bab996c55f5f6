"""The OpenSearch node: real, alone, and gone with whoever needed it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests

from scripts.background import NotStartedError
from scripts.files import ROOT
from scripts.local_aws import opensearch
from tests.unit.local_aws.workshop import eventually

OWNER = """\
import sys, time
from pathlib import Path
from scripts.local_aws import opensearch
print(opensearch.start(Path(sys.argv[1])).pid, flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[opensearch.OpenSearch]:
    """A node that is there for all tests here."""
    with opensearch.running(tmp_path_factory.mktemp("search")) as started:
        yield started


def ask(node: opensearch.OpenSearch, method: str, path: str, body: Any = None) -> Any:
    """What the node answers, which is no error."""
    answer = requests.request(method, f"{node.endpoint}/{path}", json=body, timeout=60)
    answer.raise_for_status()
    return answer.json()


def test_it_is_green_and_as_new_as_the_domain(node: opensearch.OpenSearch) -> None:
    assert ask(node, "GET", "_cluster/health")["status"] == "green"
    assert ask(node, "GET", "")["version"]["number"].startswith("2.19.")


def test_it_knows_where_japanese_words_begin(node: opensearch.OpenSearch) -> None:
    ask(node, "PUT", "words", {"mappings": {"properties": {"text": _JAPANESE}}})
    for number, text in enumerate(["東京都の見積書", "京都府の請求書"]):
        ask(node, "PUT", f"words/_doc/{number}?refresh=true", {"text": text})

    hits = ask(node, "POST", "words/_search", {"query": {"match": {"text": "京都"}}})["hits"]

    assert [hit["_id"] for hit in hits["hits"]] == ["1"]


_JAPANESE = {"type": "text", "analyzer": "kuromoji"}


def test_it_finds_the_nearest_vector(node: opensearch.OpenSearch) -> None:
    method = {"name": "hnsw", "engine": "lucene", "space_type": "cosinesimil"}
    vector = {"type": "knn_vector", "dimension": 2, "method": method}
    settings = {"index.knn": True, "number_of_replicas": 0}
    ask(node, "PUT", "near", {"settings": settings, "mappings": {"properties": {"v": vector}}})
    for name, value in {"east": [1, 0], "north": [0, 1]}.items():
        ask(node, "PUT", f"near/_doc/{name}?refresh=true", {"v": value})

    query = {"knn": {"v": {"vector": [0.9, 0.1], "k": 1}}}
    hits = ask(node, "POST", "near/_search", {"size": 1, "query": query})["hits"]["hits"]

    assert [hit["_id"] for hit in hits] == ["east"]


def test_a_node_ends_with_the_process_that_needs_it(tmp_path: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert owner.stdout
    pid = int(owner.stdout.readlines(1)[0].split()[-1])
    found = opensearch.found(tmp_path)
    assert found
    assert found.pid == pid

    owner.kill()
    owner.wait()

    eventually(lambda: not psutil.pid_exists(pid), within=60)
    assert opensearch.found(tmp_path) is None


def test_the_one_that_is_named_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OPENSEARCH_ENDPOINT", "http://127.0.0.1:9200")
    monkeypatch.setenv("PATH", "")

    assert opensearch.start(tmp_path) == opensearch.OpenSearch("http://127.0.0.1:9200")
    assert opensearch.found(tmp_path) == opensearch.OpenSearch("http://127.0.0.1:9200")


def test_a_machine_without_java_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("OPENSEARCH_ENDPOINT", raising=False)
    monkeypatch.setenv("PATH", "")

    with pytest.raises(NotStartedError, match=r"(?s)java .*apt install .*OPENSEARCH_ENDPOINT"):
        opensearch.start(tmp_path)

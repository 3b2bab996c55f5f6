"""The stand-in over HTTP, mostly through Google's own client."""

import gzip
import http.client
import json
import os
import subprocess
import sys
from contextlib import closing
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from googleapiclient.errors import HttpError

from scripts.background import NotStartedError
from scripts.youtube_stand_in import (
    DEMO,
    KEY,
    Channel,
    Fault,
    Kind,
    Trait,
    World,
    YouTube,
    start,
    uniform,
)
from scripts.youtube_stand_in.faults import ANSWERS
from tests.unit.youtube_stand_in.conftest import connect

PATH = f"/youtube/v3/channels?part=snippet,statistics&id={DEMO.channel_ids[0]}"


def _ask(client: Any) -> Any:
    """A call that succeeds unless something is wrong with the stand-in."""
    return client.channels().list(part="snippet", id=DEMO.channel_ids[0]).execute()


def _reasons(error: HttpError) -> set[str]:
    return {entry["reason"] for entry in json.loads(error.content)["error"]["errors"]}


@pytest.mark.parametrize("kind", list(ANSWERS))
def test_googles_client_understands_each_error(youtube: YouTube, client: Any, kind: Kind) -> None:
    youtube.change(faults=[Fault(kind)])
    with pytest.raises(HttpError) as refused:
        _ask(client)
    assert refused.value.status_code == ANSWERS[kind].status
    assert refused.value.reason == ANSWERS[kind].message
    assert _reasons(refused.value) == {ANSWERS[kind].reason}
    assert _ask(client)["items"]


def test_a_bad_gateway_answers_with_a_web_page(youtube: YouTube, client: Any) -> None:
    youtube.change(faults=[Fault(Kind.BAD_GATEWAY)])
    with pytest.raises(HttpError) as refused:
        _ask(client)
    assert refused.value.status_code == 502
    assert refused.value.content.startswith(b"<!DOCTYPE html>")


def test_googles_client_repeats_what_may_be_repeated(youtube: YouTube, client: Any) -> None:
    request = client.channels().list(part="id", id=DEMO.channel_ids[0])
    request._sleep = lambda _: None
    youtube.change(faults=[Fault(kind) for kind in (Kind.TOO_MANY_REQUESTS, Kind.BACKEND_ERROR)])
    assert request.execute(num_retries=3)["items"]
    assert youtube.counters()["answers"] == {"429": 1, "500": 1, "200": 1}


def test_a_connection_cut_in_the_body_breaks_the_answer(youtube: YouTube, client: Any) -> None:
    youtube.change(faults=[Fault(Kind.CUT)])
    with pytest.raises(HTTPException, match="IncompleteRead"):
        _ask(client)
    assert _ask(client)["items"]


def test_a_dropped_connection_gives_no_answer(youtube: YouTube) -> None:
    youtube.change(faults=[Fault(Kind.DROPPED)])
    with pytest.raises(http.client.RemoteDisconnected):
        _get(youtube, PATH)


def test_half_of_the_json_arrives_whole(youtube: YouTube) -> None:
    whole = _get(youtube, PATH)[2]
    youtube.change(faults=[Fault(Kind.TRUNCATED)])
    half = _get(youtube, PATH)[2]
    assert half == whole[: len(whole) // 2]


def test_a_slow_answer_outlasts_the_clients_patience(youtube: YouTube) -> None:
    youtube.change(faults=[Fault(Kind.SLOW, delay=0.5)])
    with pytest.raises(TimeoutError):
        _get(youtube, PATH, timeout=0.1)
    assert _get(youtube, PATH)[0] == 200


def test_a_key_comes_as_a_parameter_or_as_a_header(youtube: YouTube) -> None:
    assert _get(youtube, f"{PATH}&key={KEY}", key=None)[0] == 200
    assert _get(youtube, PATH, key=KEY)[0] == 200
    assert _get(youtube, PATH, key="another")[0] == 400
    assert _get(youtube, PATH, key=None)[0] == 403
    assert youtube.counters()["quota_used"] == 2


def test_a_wrong_key_is_told_as_google_tells_it(youtube: YouTube) -> None:
    with pytest.raises(HttpError) as refused:
        _ask(connect(youtube, "AIza-wrong"))
    assert refused.value.reason == "API key not valid. Please pass a valid API key."
    details = json.loads(refused.value.content)["error"]["details"]
    assert details[0]["reason"] == "API_KEY_INVALID"


def test_each_call_costs_one_unit_until_none_is_left(youtube: YouTube, client: Any) -> None:
    youtube.change(quota=2)
    _ask(client)
    with pytest.raises(HttpError, match="404"):
        client.playlistItems().list(part="id", playlistId="UUnone").execute()
    with pytest.raises(HttpError) as refused:
        _ask(client)
    assert _reasons(refused.value) == {"quotaExceeded"}
    assert youtube.counters()["quota_used"] == 2
    youtube.change(reset=True)
    assert _ask(client)["items"]


def test_an_unchanged_answer_is_not_sent_again(youtube: YouTube) -> None:
    status, headers, _ = _get(youtube, PATH)
    again = _get(youtube, PATH, {"If-None-Match": headers["ETag"]})
    assert (status, again[0], again[2]) == (200, 304, b"")
    youtube.change(world=World(DEMO.channels, day=DEMO.day.replace(month=2)))
    assert _get(youtube, PATH, {"If-None-Match": headers["ETag"]})[0] == 200


def test_an_answer_is_compressed_when_asked(youtube: YouTube) -> None:
    plain = _get(youtube, PATH)[2]
    _, headers, packed = _get(youtube, PATH, {"Accept-Encoding": "gzip"})
    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed) == plain


def test_a_request_too_long_for_an_address_is_sent_in_a_body(youtube: YouTube, client: Any) -> None:
    fields = ",".join(["items/snippet/title"] * 120)
    request = client.channels().list(part="snippet", id=DEMO.channel_ids[0], fields=fields)
    assert len(request.uri) > 2048
    assert request.execute()["items"][0]["snippet"] == {"title": "さくら登山部"}
    assert youtube.counters()["requests"] == {"channels": 1}


def test_the_world_changes_while_the_stand_in_runs(youtube: YouTube, client: Any) -> None:
    assert _ask(client)["items"]
    gone = Channel(320, traits=frozenset({Trait.DELETED}))
    youtube.change(world=World((gone, *DEMO.channels[1:])))
    assert "items" not in _ask(client)


@pytest.mark.parametrize(
    "changes",
    [
        {"latency": -1},
        {"quota": "much"},
        {"colour": "red"},
        {"faults": [{"kind": "earthquake"}]},
        {"world": {"channels": 3}},
    ],
)
def test_a_setting_that_cannot_be_changes_nothing(
    youtube: YouTube, changes: dict[str, Any]
) -> None:
    before = youtube.counters()
    status, _, answer = _send(youtube, "POST", "/_control", body=json.dumps(changes))
    assert status == 400
    assert next(iter(changes)) in json.loads(answer)["error"]
    assert youtube.counters() == before


def test_the_process_ends_with_its_block(tmp_path: Path) -> None:
    with start(tmp_path, uniform(1, 1)) as youtube:
        ready = json.loads((tmp_path / "youtube.json").read_text())
        assert ready == {"endpoint": youtube.endpoint, "pid": youtube.pid}
        assert youtube.endpoint.startswith("http://127.0.0.1:")
    assert not (tmp_path / "youtube.json").exists()
    with pytest.raises(OSError, match="refused"):
        _get(youtube, PATH)


def test_a_process_that_cannot_start_says_why(running: YouTube, tmp_path: Path) -> None:
    taken = int(running.endpoint.rpartition(":")[2])
    with (
        pytest.raises(NotStartedError, match="Address already in use"),
        start(tmp_path, port=taken),
    ):
        pass


def test_a_settings_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    config = tmp_path / "settings.json"
    config.write_text('{"quota": "much"}')
    command = [sys.executable, "-m", "scripts.youtube_stand_in", "--home", str(tmp_path)]
    refused = subprocess.run(
        [*command, "--config", config],
        cwd=Path(__file__).parents[3],
        env={**os.environ, "COLUMNS": "300"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert refused.returncode == 2
    assert "settings.json" in refused.stderr
    assert "can't set quota" in refused.stderr


def _get(
    youtube: YouTube,
    path: str,
    headers: dict[str, str] | None = None,
    *,
    key: str | None = KEY,
    timeout: float = 5,
) -> tuple[int, dict[str, str], bytes]:
    keys = {} if key is None else {"X-Goog-Api-Key": key}
    return _send(youtube, "GET", path, {**keys, **(headers or {})}, timeout=timeout)


def _send(
    youtube: YouTube,
    method: str,
    path: str,
    headers: dict[str, str] | None = None,
    *,
    body: str | None = None,
    timeout: float = 5,
) -> tuple[int, dict[str, str], bytes]:
    server = youtube.endpoint.removeprefix("http://")
    with closing(http.client.HTTPConnection(server, timeout=timeout)) as connection:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        return response.status, dict(response.headers), response.read()

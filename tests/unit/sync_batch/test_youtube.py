"""Calls to YouTube: counted exactly, repeated when that may help, the key in no URL."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from batchworks.errors import JobError, TemporaryError
from scripts.youtube_stand_in import DEMO, Fault, Kind
from scripts.youtube_stand_in import YouTube as StandIn
from sync_batch import quota
from sync_batch.refusals import KeyRefusedError, QuotaExceededError, UnavailableError
from sync_batch.transport import BudgetSpentError
from sync_batch.youtube import ATTEMPTS, YouTube

FIRST = DEMO.channel_ids[0]
UPLOADS = "UU" + FIRST[2:]
LOOPBACK = ipaddress.ip_address("127.0.0.1")


@pytest.fixture
def api(youtube: StandIn) -> YouTube:
    """A client in a hurry."""
    return client(youtube)


def client(youtube: StandIn, key: str | None = None, budget: int = 1000) -> YouTube:
    return YouTube(key or youtube.key, youtube.endpoint, budget=budget, backoff=0.001)


def test_channels_are_found_by_id_and_by_handle(api: YouTube) -> None:
    found = api.channels([*DEMO.channel_ids, "UC" + "x" * 22])
    deleted = DEMO.channel_ids[8]
    assert {channel.channel_id for channel in found} == set(DEMO.channel_ids) - {deleted}
    assert api.channel_of(DEMO.handles[0]) in found
    assert api.channel_of("@nobody-has-this-handle") is None


def test_a_playlist_is_read_page_by_page(api: YouTube) -> None:
    first = api.uploads(UPLOADS)
    second = api.uploads(UPLOADS, first.next_page)
    assert len(first.video_ids) == 50
    assert not set(first.video_ids) & set(second.video_ids)


def test_videos_are_those_of_the_page(api: YouTube) -> None:
    ids = api.uploads(UPLOADS).video_ids
    videos = api.videos(ids, FIRST)
    assert {video.video_id for video in videos} == set(ids)
    assert {video.channel_id for video in videos} == {FIRST}


@pytest.mark.parametrize(
    "kind",
    [
        Kind.TOO_MANY_REQUESTS,
        Kind.RATE_LIMIT_EXCEEDED,
        Kind.BACKEND_ERROR,
        Kind.SERVICE_UNAVAILABLE,
        Kind.BAD_GATEWAY,
        Kind.DROPPED,
        Kind.CUT,
        Kind.TRUNCATED,
    ],
)
def test_what_may_pass_is_asked_again_and_every_request_is_counted(
    youtube: StandIn, api: YouTube, kind: Kind
) -> None:
    youtube.change(faults=[Fault(kind, times=3)])
    assert len(api.uploads(UPLOADS).video_ids) == 50
    counted = youtube.counters()
    assert sum(counted["requests"].values()) == 4
    assert api.meter.used == 4


@pytest.mark.parametrize("kind", [Kind.BACKEND_ERROR, Kind.DROPPED, Kind.TRUNCATED])
def test_what_does_not_pass_is_given_up(youtube: StandIn, api: YouTube, kind: Kind) -> None:
    youtube.change(faults=[Fault(kind, times=None)])
    with pytest.raises(TemporaryError, match=r"youtube\.playlistItems\.list"):
        api.uploads(UPLOADS)
    assert api.meter.used == sum(youtube.counters()["requests"].values()) >= ATTEMPTS


def test_an_answer_that_does_not_come_is_given_up(
    youtube: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync_batch.transport.TIMEOUT_SECONDS", 0.05)
    youtube.change(faults=[Fault(Kind.SLOW, delay=0.5)])
    api = client(youtube)
    assert api.uploads(UPLOADS)
    assert api.meter.used == 2


def test_a_quota_that_is_used_up_is_told_with_its_reset_and_not_asked_again(
    youtube: StandIn, api: YouTube
) -> None:
    youtube.change(quota=0)
    with pytest.raises(QuotaExceededError) as raised:
        api.uploads(UPLOADS)
    assert quota.reset_text(datetime.now(UTC)) in str(raised.value)
    assert api.meter.used == 1


@pytest.mark.parametrize(
    "faults", [[Fault(Kind.KEY_INVALID)], [Fault(Kind.BAD_KEY)], []], ids=["old", "new", "wrong"]
)
def test_a_refused_key_is_told_without_the_key(youtube: StandIn, faults: list[Fault]) -> None:
    youtube.change(faults=faults)
    api = client(youtube, key="AIzaWrong")
    with pytest.raises(
        KeyRefusedError, match="YOUTUBE_API_KEY is refused, copy it again"
    ) as raised:
        api.uploads(UPLOADS)
    assert "AIzaWrong" not in str(raised.value) + repr(raised.value.__cause__)
    assert api.meter.used == 1


def test_a_playlist_that_is_not_there_is_unavailable(api: YouTube) -> None:
    with pytest.raises(UnavailableError, match="404"):
        api.uploads("UU" + "x" * 22)
    assert api.meter.used == 1


def test_a_request_that_makes_no_sense_is_not_asked_again(api: YouTube) -> None:
    with pytest.raises(JobError, match="with 400"):
        api.uploads(UPLOADS, "no page")
    assert api.meter.used == 1


def test_not_one_unit_more_is_spent_than_the_budget(youtube: StandIn) -> None:
    youtube.change(faults=[Fault(Kind.BACKEND_ERROR, times=None)])
    api = client(youtube, budget=3)
    with pytest.raises(BudgetSpentError, match="all 3 quota units"):
        api.uploads(UPLOADS)
    assert sum(youtube.counters()["requests"].values()) == 3


def test_threads_share_the_meter(youtube: StandIn) -> None:
    api = client(youtube, budget=40)

    def ask() -> None:
        for _ in range(20):
            try:
                api.uploads(UPLOADS)
            except BudgetSpentError:
                return

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert youtube.counters()["quota_used"] == api.meter.used == 40


@pytest.mark.timeout(60)  # a wait is an hour
def test_giving_up_ends_the_waiting(youtube: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync_batch.youtube.LONGEST_WAIT_SECONDS", 100_000)
    youtube.change(faults=[Fault(Kind.BACKEND_ERROR, times=None)])
    api = YouTube(youtube.key, youtube.endpoint, budget=1000, backoff=36_000)
    threading.Timer(0.2, api.give_up).start()
    with pytest.raises(TemporaryError):
        api.uploads(UPLOADS)


@pytest.fixture
def odd_server() -> Iterator[list[bytes]]:
    """A server that answers each connection with the next of these bytes; the first is its port."""
    answers: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))
    answers.append(str(listener.getsockname()[1]).encode())

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                request = connection.recv(65536)
                answers.append(request)
                connection.sendall(answers.pop(1))

    threading.Thread(target=serve, daemon=True).start()
    yield answers
    listener.close()


def http(body: str, status: str = "200 OK", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", body]).encode()


def asked(answers: list[bytes]) -> YouTube:
    return YouTube("AIzaKey", f"http://127.0.0.1:{answers[0].decode()}", budget=99, backoff=0.001)


def test_the_key_travels_as_a_header_and_not_in_the_url(odd_server: list[bytes]) -> None:
    odd_server.append(http('{"kind": "youtube#channelListResponse"}'))
    assert asked(odd_server).channels(["UC1"]) == []
    line, _, headers = odd_server[-1].partition(b"\r\n")
    assert b"AIzaKey" not in line
    assert b"X-Goog-Api-Key: AIzaKey" in headers or b"x-goog-api-key: AIzaKey" in headers


def test_the_key_does_not_follow_to_another_host(odd_server: list[bytes]) -> None:
    odd_server.append(http("", "302 Found", Location="http://127.0.0.1:9/"))
    with pytest.raises(JobError, match="with 302"):
        asked(odd_server).channels(["UC1"])


@pytest.fixture
def impostor(tmp_path: Path) -> Iterator[str]:
    """The address of a server whose certificate nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(LOOPBACK)]), critical=False)
        .sign(key, SHA256())
    )
    file = tmp_path / "certificate.pem"
    file.write_bytes(
        certificate.public_bytes(Encoding.PEM)
        + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    listener = socket.create_server((str(LOOPBACK), 0))

    def serve() -> None:
        with contextlib.suppress(OSError), listener.accept()[0] as connection:
            context.wrap_socket(connection, server_side=True)

    threading.Thread(target=serve, daemon=True).start()
    yield f"https://{LOOPBACK}:{listener.getsockname()[1]}"
    listener.close()


def test_a_server_that_cannot_prove_who_it_is_gets_no_key(impostor: str) -> None:
    api = YouTube("AIzaKey", impostor, budget=99)
    with pytest.raises(JobError, match="YouTube's certificate can't be verified"):
        api.channels(["UC1"])
    assert api.meter.used <= 1


@pytest.mark.parametrize(
    "item", ['{"id": "UC1"}', '{"id": "UC1", "snippet": {"publishedAt": "soon"}}', "5"]
)
def test_an_answer_in_another_form_is_told(odd_server: list[bytes], item: str) -> None:
    odd_server.append(http(f'{{"kind": "youtube#channelListResponse", "items": [{item}]}}'))
    with pytest.raises(JobError, match="has the API changed"):
        asked(odd_server).channels(["UC1"])


def test_an_answer_of_another_kind_is_no_answer(odd_server: list[bytes]) -> None:
    odd_server += [http("{}"), http("[]"), http('{"kind": "youtube#channelListResponse"}')]
    assert asked(odd_server).channels(["UC1"]) == []

"""archive: sending many and large files, checking, restoring, reconciling, searching."""

from __future__ import annotations

import csv
import math
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class

from scripts.archive import archive_list, settings
from scripts.background import free_port
from scripts.local_estate import postgres
from tests.bench import archive_list as archive_list_bench
from tests.bench import fast_s3
from tests.bench.frame import Figure, below, skipped, times_faster

NO_SERVER = "no S3 server: install Go, or name one in BENCH_S3_ENDPOINT"
NO_AWS = "no AWS CLI in PATH"
MEMORY_LIMIT = 300  # MB
S5CMD = Path(sys.executable).with_name("s5cmd")


@dataclass(frozen=True)
class Run:
    """What a program took: seconds, and the most memory it had, in MB."""

    seconds: float
    megabytes: float


def uploading(home: Path) -> Iterator[Figure]:
    """Archive 10,000 files of 1 KB to 1 MB; send them with s5cmd and the AWS CLI (minutes)."""
    count = 10_000
    subject = f"archiving of {count:,} files with rows and markers"
    with fast_s3.environment(home) as server:
        if server is None:
            yield skipped(subject, NO_SERVER)
            return
        source = _files(home / "share", count)
        fast_s3.bucket(server, "archive")
        with _settings(home, server) as given:
            ours = _archive(given, "put", _list(home), "--request-id", "bench", "--yes")
        _remove_markers(source)
        fast_s3.bucket(server, "s5cmd")
        peer = _run([S5CMD, "--log", "error", "cp", f"{source}/", "s3://s5cmd/"], server)
        yield below(f"{subject}: memory", ours.megabytes, "MB", limit=MEMORY_LIMIT, how="peak")
        yield times_faster(subject, ours.seconds, "s5cmd cp", peer.seconds, at_least=1)
        yield from _beside_the_aws_cli(subject, ours, server, [source, "--recursive"], at_least=6)


def uploading_a_large_file(home: Path) -> Iterator[Figure]:
    """Archive one file of 2 GiB; send it with the AWS CLI (a minute)."""
    subject = "archiving of one file of 2 GiB"
    with fast_s3.environment(home) as server:
        if server is None:
            yield skipped(subject, NO_SERVER)
            return
        source = home / "share"
        source.mkdir()
        with (source / "large.bin").open("wb") as file:
            for _ in range(2048):
                file.write(random.randbytes(1024 * 1024))
        fast_s3.bucket(server, "archive")
        with _settings(home, server) as given:
            ours = _archive(given, "put", _list(home), "--request-id", "bench", "--yes")
        yield below(f"{subject}: memory", ours.megabytes, "MB", limit=MEMORY_LIMIT, how="peak")
        large = [source / "large.bin"]
        yield from _beside_the_aws_cli(subject, ours, server, large, at_least=1.2)


def checking(home: Path) -> Iterator[Figure]:
    """Check 20,000 paths and preview what they cost, without sending anything."""
    count = 20_000
    source = home / "share"
    _files(source, count, largest=1)
    names = sorted(path.relative_to(source) for path in source.rglob("*.bin"))
    listed = "".join(f"\\\\bench\\share\\{path.parent}\\{path.name}\n" for path in names)
    (home / "list.txt").write_text(listed)
    nowhere = {**fast_s3.KEYS, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    with _settings(home, nowhere) as given:
        took = _archive(given, "put", home / "list.txt", "--request-id", "bench", "--dry-run")
    yield below(f"check of {count:,} paths", took.seconds, "s", limit=5, how="whole command")


def restoring(home: Path) -> Iterator[Figure]:
    """Ask for 10,000 restores, then for 100,000, of a stand-in that agrees to all (minutes)."""
    few, many = 10_000, 100_000
    port = free_port()
    stand_in = {**fast_s3.KEYS, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}
    command = [sys.executable, "-m", "tests.bench.restore_stand_in", str(port)]
    with subprocess.Popen(command) as server:
        try:
            with _settings(home, stand_in) as given:
                with closing(archive_list.connect(settings.load(given).database)) as session:
                    archive_list_bench.fill(session, many)
                    rows = _restore_rows(session)
                small = _ask(given, home / "few.csv", rows[:few])
                large = _ask(given, home / "many.csv", rows)
        finally:
            server.terminate()
    yield below(
        f"memory of asking for {many:,} restores",
        large.megabytes,
        "MB",
        limit=round(small.megabytes * 1.25),
        how=f"{large.seconds:.0f} s; {few:,} took {small.megabytes:.0f} MB",
    )


BENCHMARKS = (uploading, uploading_a_large_file, checking, restoring)


def _restore_rows(session: Connection) -> list[tuple[str, str]]:
    with session, session.cursor() as cursor:
        cursor.execute('SELECT "ディレクトリパス", "アーカイブファイル名" FROM archive_list')
        return cursor.fetchall()


def _ask(given: Mapping[str, str], listed: Path, rows: Sequence[tuple[str, str]]) -> Run:
    with listed.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("ディレクトリパス", "復元対象ファイル名"), *rows])
    known = {
        "ARCHIVE_BUCKET": archive_list_bench.BUCKET,
        "ARCHIVE_SHARES": "//fsx-server-name/share=/mnt",
    }
    return _archive({**given, **known}, "restore", listed, "--engine", "direct", "--yes")


def _beside_the_aws_cli(
    subject: str,
    ours: Run,
    server: Mapping[str, str],
    source: Sequence[Path | str],
    *,
    at_least: float,
) -> Iterator[Figure]:
    if shutil.which("aws") is None:
        yield skipped(f"{subject}, beside aws s3 cp", NO_AWS)
        return
    fast_s3.bucket(dict(server), "aws-cli")
    first, *options = source
    command = ["aws", "s3", "cp", first, "s3://aws-cli/", *options, "--only-show-errors"]
    theirs = _run([*command, "--endpoint-url", server["AWS_ENDPOINT_URL"]], server)
    yield times_faster(subject, ours.seconds, "aws s3 cp", theirs.seconds, at_least=at_least)


def _files(folder: Path, count: int, *, largest: int = 1_000_000) -> Path:
    """Files of 1 KB to `largest` bytes, as many small as large ones on a logarithmic scale."""
    chance = random.Random(0)
    for number in range(count):
        file = folder / f"{number % 100:02}" / f"{number:06}.bin"
        file.parent.mkdir(parents=True, exist_ok=True)
        size = math.exp(chance.uniform(math.log(min(1_000, largest)), math.log(largest)))
        file.write_bytes(chance.randbytes(int(size)))
    return folder


def _list(home: Path) -> Path:
    (home / "list.txt").write_text("\\\\bench\\share\n")
    return home / "list.txt"


def _remove_markers(source: Path) -> None:
    for marker in source.rglob("*_archived.txt"):
        marker.unlink()


@contextmanager
def _settings(home: Path, server: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The command's variables, with an empty archive list."""
    database = postgres.start(home / "postgres")
    try:
        postgres.create_database(database, "archive")
        given = {
            **server,
            "ARCHIVE_BUCKET": "archive",
            "ARCHIVE_SHARES": f"//bench/share={home / 'share'}",
            "ARCHIVE_REPORT_FOLDER": str(home / "reports"),
            "DB_HOST": postgres.HOST,
            "DB_PORT": str(database.port),
            "DB_USERNAME": postgres.USERNAME,
            "DB_PASSWORD": database.password,
            "DB_SSLMODE": "disable",
        }
        with closing(archive_list.connect(settings.load(given).database)) as session:
            archive_list.create(session)
        yield given
    finally:
        postgres.stop(home / "postgres", at_once=True)


def _archive(given: Mapping[str, str], *arguments: Path | str) -> Run:
    return _run([sys.executable, "-m", "scripts.archive", *arguments], given)


def _run(command: Sequence[Path | str], variables: Mapping[str, str]) -> Run:
    """Run a program to its end and see what it took.

    Raises:
        RuntimeError: it failed; the message ends with its last words.
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **variables}
    began = time.perf_counter()
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        told = process.stdout.read() if process.stdout else ""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[:3]} ended with {process.returncode}:\n{told[-2000:]}")
    return Run(time.perf_counter() - began, used.ru_maxrss * 1024 / 1e6)

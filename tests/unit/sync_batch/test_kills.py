"""A run that is killed between any two of its side effects is repaired by the next one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.youtube_stand_in import DEMO
from sync_batch import settings, sync
from sync_batch.controls import Controls
from tests.conftest import Database

REPOSITORY = Path(__file__).parents[3]

# Runs the job in a process of its own, which dies as soon as the named call has returned.
PROGRAM = """
import importlib, os, signal, sys
from sync_batch import settings, sync
from sync_batch.controls import Controls

module, _, name = sys.argv[1].partition(":")
*owners, name = name.split(".")
owner = importlib.import_module(module)
for part in owners:
    owner = getattr(owner, part)
call, left = getattr(owner, name), int(sys.argv[2])

def deadly(*arguments, **options):
    global left
    result = call(*arguments, **options)
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return result

setattr(owner, name, deadly)
sync.run(settings.load(os.environ), "schedule", Controls())
"""


def kill_after(call: str, times: int, environ: dict[str, str]) -> None:
    paths = [REPOSITORY / "lambda", REPOSITORY / "layers" / "batchworks"]
    killed = subprocess.run(
        [sys.executable, "-c", PROGRAM, call, str(times)],
        env={**os.environ, **environ, "PYTHONPATH": os.pathsep.join(map(str, paths))},
        check=False,
        capture_output=True,
        text=True,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr


@pytest.mark.parametrize(
    ("call", "times", "committed"),
    [
        ("sync_batch.postgres:take_lock", 1, False),
        ("sync_batch.postgres:apply_schema", 1, False),
        ("sync_batch.audit:begin", 1, False),
        ("sync_batch.lookup:find", 1, False),
        ("sync_batch.youtube:YouTube.videos", 3, False),
        ("sync_batch.audit:note_quota", 1, False),
        ("sync_batch.csv_store:FolderStore.put", 1, False),
        ("sync_batch.csv_store:FolderStore.put", 3, False),
        ("sync_batch.postgres:_merge", 2, False),
        ("sync_batch.audit:finish", 1, False),
        ("sync_batch.work:do", 1, True),
    ],
)
def test_nothing_is_lost_or_doubled(
    call: str, times: int, committed: bool, environ: dict[str, str], database: Database
) -> None:
    kill_after(call, times, environ)
    if database.query("SELECT to_regclass('videos')") != [(None,)]:
        videos = len(list(DEMO.videos())) if committed else 0
        assert database.query("SELECT count(*) FROM videos") == [(videos,)]
        assert database.query("SELECT count(*) FROM video_statistics") == [(videos,)]

    given = settings.load(environ)
    result = sync.run(given, "schedule", Controls())
    assert result.outcome == "complete"
    expected = [(video,) for video in sorted(DEMO.videos())]
    for table in ("videos", "video_statistics"):
        found = database.query(f'SELECT video_id FROM {table} ORDER BY video_id COLLATE "C"')
        assert found == expected
    for name in ("videos.csv", "video_statistics.csv"):
        (file,) = given.csv_folder.rglob(name)
        assert len(file.read_bytes().splitlines()) == 1 + len(expected)
    outcomes = database.query("SELECT outcome FROM sync_runs ORDER BY started_at")
    began = call not in {"sync_batch.postgres:take_lock", "sync_batch.postgres:apply_schema"}
    killed = [("complete" if committed else "abandoned",)] * began
    assert outcomes == [*killed, ("complete",)]

"""A NAS that isn't there looks like one whose files were all deleted: the brake."""

from __future__ import annotations

import json

from tests.system.nas_sync.agreement import assert_failed, assert_reconciled
from tests.system.nas_sync.share import Share
from tests.system.nas_sync.system import NasSync


def test_many_deletions_stop_the_run_and_the_next_one_finds_the_files_again(
    system: NasSync, share: Share
) -> None:
    before, archived = system.previous(), system.objects("deleted/", system.archive)
    with share.away(sorted(share.fates)[:8]):
        run = system.run()
    assert_failed(system, run, "BrakeEngaged", before)
    assert "ArchiveDeletedFiles" not in run.states
    assert system.objects("deleted/", system.archive) == archived
    assert_reconciled(system, share, system.run())


def test_an_empty_nas_stops_the_run(system: NasSync, share: Share) -> None:
    before = system.previous()
    with share.away(sorted(share.fates)):
        run = system.run()
    assert_failed(system, run, "BrakeEngaged", before)
    assert_reconciled(system, share, system.run())


def test_released_by_an_explicit_request_it_archives_what_was_meant_to_go(
    system: NasSync, share: Share
) -> None:
    before, archived = system.previous(), set(system.objects("deleted/", system.archive))
    gone = [path for path in sorted(share.fates) if share.fates[path][0] == "indexed"][-5:]
    for path in gone:
        share.delete(path)
    stopped = system.run()
    assert_failed(system, stopped, "BrakeEngaged", before)
    told = json.loads(stopped.cause)["errorMessage"]
    request = json.loads(told[told.index("{") : told.index("}") + 1])
    with system.configured("DeletedFileArchiver", Timeout=60):  # half of what it keeps in reserve
        run = system.run(**request)
    assert_reconciled(system, share, run)
    assert run.states.count("ArchiveDeletedFiles") == 2, "it was called until it was done"
    kept = set(system.objects("deleted/", system.archive)) - archived
    assert {key.split("/", 3)[-1] for key in kept} == set(gone)

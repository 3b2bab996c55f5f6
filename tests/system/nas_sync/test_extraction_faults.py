"""Reading files fails: for some, for most, for lack of a right or of time."""

from __future__ import annotations

from typing import Any

from tests.system.nas_sync.agreement import assert_failed, assert_reconciled, assert_told_once
from tests.system.nas_sync.share import Share
from tests.system.nas_sync.system import SUCCEEDED, NasSync
from tests.system.system import eventually

DENIED: dict[str, Any] = {"code": "AccessDenied", "status": 403}


def test_a_few_children_that_fail_are_counted_and_their_files_come_with_the_next_run(
    system: NasSync, share: Share
) -> None:
    with (
        system.told("FileScanner", WORK_FILE_SIZE="2"),
        system.aws.faults("s3.PutObject", nth=1, role="TextExtractor", **DENIED),
    ):
        run = system.run(full_sync=True)
    assert run.status == "SUCCEEDED", run.cause
    assert_told_once(system, run, SUCCEEDED)
    failed = {
        path
        for path, item in system.items().items()
        if path in share.fates and item.get("reason") == "not_processed"
    }
    assert 1 <= len(failed) <= 2
    assert "not_processed" in system.content(f"reports/{run.batch}/problems.csv").decode()
    assert_reconciled(system, share, system.run())


def test_too_many_failures_stop_before_anything_is_indexed_and_the_batch_goes_on(
    system: NasSync, share: Share
) -> None:
    added = share.add()
    before = system.previous()
    with system.aws.faults("s3.PutObject", role="TextExtractor", **DENIED):
        run = system.run(full_sync=True)
    assert_failed(system, run, "TooManyFailures", before)
    assert "BulkIndexToOpenSearch" not in run.states
    assert added not in system.documents("files")
    images = system.versions(f"results/{run.batch}/image")
    again = system.run(resume=run.batch)
    assert_reconciled(system, share, again)
    assert system.versions(f"results/{run.batch}/image") == images, "not extracted twice"


def test_s3_that_denies_the_scan_ends_the_run_at_once(system: NasSync, share: Share) -> None:
    share.add()
    before = system.previous()
    with system.aws.faults("s3.ListObjectsV2", role="FileScanner", **DENIED) as fault:
        run = system.run()
        assert fault.answered == 1, "what is denied isn't tried again"
    assert_failed(system, run, "AccessDenied", before)
    assert_reconciled(system, share, system.run())


def test_a_reader_that_takes_too_long_once_is_called_again(system: NasSync, share: Share) -> None:
    added = share.add()
    system.forget_messages()
    with system.configured("TextExtractor", Timeout=5):
        system.aws.hold("s3.PutObject", 1, "before", "TextExtractor")
        arn = system.start()
        eventually(
            lambda: "ReviewResults" in system.states_of(arn), "the extractor was called again"
        )
        system.aws.release()
    run = system.wait(arn)
    assert_reconciled(system, share, run)
    assert added in system.documents("files")

"""OpenSearch is away, slow, or has too much to do: nothing is lost, and the batch goes on."""

from __future__ import annotations

from tests.system.nas_sync.agreement import assert_failed, assert_reconciled
from tests.system.nas_sync.search_proxy import SearchProxy
from tests.system.nas_sync.share import Share
from tests.system.nas_sync.system import NasSync

EXCEEDED = "Step.ExceedToleratedFailureThreshold"  # of the map that indexes


def test_an_opensearch_that_is_away_ends_the_run_and_the_batch_goes_on(
    system: NasSync, share: Share, proxy: SearchProxy
) -> None:
    added = share.add()
    before = system.previous()
    with proxy.failing(away=True) as fault:
        run = system.run()
    assert_failed(system, run, EXCEEDED, before)
    assert fault.struck >= 2, "it was tried again"
    written = system.versions(f"results/{run.batch}/")
    again = system.run(resume=run.batch)
    assert_reconciled(system, share, again)
    assert system.versions(f"results/{run.batch}/") == written, "nothing is extracted twice"
    assert added in system.documents("files")


def test_a_slow_opensearch_is_waited_for(system: NasSync, share: Share, proxy: SearchProxy) -> None:
    share.add()
    with proxy.failing(seconds=0.5) as fault:
        run = system.run()
    assert fault.struck
    assert_reconciled(system, share, run)


def test_items_that_are_too_many_just_now_are_sent_again(
    system: NasSync, share: Share, proxy: SearchProxy
) -> None:
    added = [share.add() for _ in range(5)]
    with proxy.failing(busy=3) as fault:
        run = system.run()
    assert fault.struck == 3
    assert_reconciled(system, share, run)
    assert set(added) <= set(system.documents("files"))


def test_a_function_that_takes_too_long_is_called_three_times(
    system: NasSync, share: Share, proxy: SearchProxy
) -> None:
    share.add()
    before = system.previous()
    with (
        system.configured("BatchReconciler", Timeout=6),
        proxy.failing(seconds=30, only="point_in_time"),
    ):
        run = system.run()
    assert_failed(system, run, "Sandbox.Timedout", before)
    assert [each["type"] for each in run.history].count("TaskFailed") == 3
    assert_reconciled(system, share, system.run(resume=run.batch))


def test_what_comes_back_as_it_was_after_a_run_that_failed_is_done_again(
    system: NasSync, share: Share, proxy: SearchProxy
) -> None:
    before, changed = system.previous(), share.folder / share.some("indexed", ".txt")
    content = changed.read_bytes()
    with (
        share.away([share.some("indexed", ".docx")]),
        system.configured("BatchReconciler", Timeout=6),
        proxy.failing(seconds=30, only="point_in_time"),
    ):
        changed.write_text("another text, which is indexed before the run fails")
        assert_failed(system, system.run(), "Sandbox.Timedout", before)
    changed.write_bytes(content)
    run = system.run()
    assert_reconciled(system, share, run)
    assert system.scan(run)["changed"] == 2

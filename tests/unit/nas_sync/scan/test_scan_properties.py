"""Any two states of a share, any process that dies: what a scan finds is what sets would find."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from nas_sync import keys
from nas_sync.records import Entry, extension
from nas_sync.scan.work_files import lines_per_file
from nas_sync.sorted_rows import Keyed, merge
from tests.unit.nas_sync.scan.share import Killed, Share, entry, settings

names = st.builds(
    "{}{}".format,
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/"), min_size=1),
    st.sampled_from(["", ".pdf", ".png", ".txt"]),
)
contents = st.sampled_from(["", "a", "b", "c"])  # few, so that much seems to have moved
shares = st.dictionaries(names, contents, max_size=12)
statuses = st.sampled_from(["indexed", "skipped", "failed"])


def known(share: dict[str, str], status: dict[str, str]) -> list[Entry]:
    return [entry(name, text, status=status[name]) for name, text in share.items()]


@st.composite
def months(draw: st.DrawFn) -> tuple[dict[str, str], list[Entry]]:
    """What is on the share, and what the last batch knew: some of it is the same."""
    before = draw(shares)
    kept = draw(st.sets(st.sampled_from(sorted(before)))) if before else set()
    now = {name: before[name] for name in kept} | draw(shares)
    return now, known(before, {name: draw(statuses) for name in before})


@given(st.sets(st.text()), st.sets(st.text()))
def test_a_merge_pairs_what_both_have_and_keeps_the_rest_in_order(
    left: set[str], right: set[str]
) -> None:
    rows: list[list[Keyed]] = [
        [{"key": key} for key in sorted(side, key=str.encode)] for side in (left, right)
    ]
    merged: list[Any] = list(merge(*rows))
    assert [(a or b)["key"] for a, b in merged] == sorted(left | right, key=str.encode)
    assert {a["key"] for a, _ in merged if a} == left
    assert {b["key"] for _, b in merged if b} == right
    assert all(a["key"] == b["key"] for a, b in merged if a and b)


@given(months())
def test_each_file_is_found_once_as_what_it_is(month: tuple[dict[str, str], list[Entry]]) -> None:
    now, before = month
    share = Share()
    share.hold(now)
    share.know(before)
    found = share.scan(release_brake=True)
    old = {row["key"]: row for row in before}
    new = {keys.DATA + name: entry(name, text) for name, text in now.items()}
    work = {row["key"]: row for row in share.work()}
    deleted = {row["key"]: row for row in share.deleted()}

    assert len(work) == len(share.work())
    for key, row in new.items():
        same = key in old and row["etag"] == old[key]["etag"]
        change = work[key]["change"] if key in work else "unchanged"
        if key not in old:
            assert change in {"new", "moved"}
        elif same:
            assert change == ("retried" if old[key]["status"] == "failed" else "unchanged")
        else:
            assert change == "changed"
    assert set(work) <= set(new)
    assert set(deleted) == set(old) - set(new)
    counts = Counter(row["change"] for row in work.values())
    assert all(counts[name] == found[name] for name in ("new", "changed", "retried", "moved"))
    assert found["unchanged"] == len(new) - len(work)
    assert found["deleted"] == sum("moved_to" not in row for row in deleted.values())


@given(months())
def test_moves_are_a_matching_that_leaves_nothing_that_could_be_matched(
    month: tuple[dict[str, str], list[Entry]],
) -> None:
    now, before = month
    share = Share()
    share.hold(now)
    share.know(before)
    share.scan(release_brake=True)
    old = {row["key"]: row for row in before}
    pairs = {row["moved_to"]: row["key"] for row in share.deleted() if "moved_to" in row}
    assert len(pairs) == sum("moved_to" in row for row in share.deleted())
    work = {row["key"]: row for row in share.work()}
    for key, origin in pairs.items():
        assert work[key]["etag"] == old[origin]["etag"]
        assert work[key]["size"] > 0
    for key, row in work.items():
        if row["change"] == "moved":
            origin = row["moved_from"]
            assert pairs[key] == origin
            assert extension(origin) == extension(key)
            assert old[origin]["status"] != "failed"
    left = Counter(row["etag"] for row in share.deleted() if "moved_to" not in row and row["size"])
    unmatched = Counter(
        row["etag"]
        for key, row in work.items()
        if key not in old and key not in pairs and row["size"]
    )
    assert not left & unmatched


@given(months(), st.integers(1, 5), st.booleans())
def test_work_files_are_full_sorted_and_all_listed(
    month: tuple[dict[str, str], list[Entry]], size: int, full_sync: bool
) -> None:
    now, before = month
    share = Share()
    share.hold(now)
    share.know(before)
    share.scan(settings(work_file_size=size), full_sync=full_sync, release_brake=True)
    items = share.store.read_json(keys.work_list("exec-2", "index"))
    by_kind: dict[str, list[list[Any]]] = {}
    for item in items:
        by_kind.setdefault(item["kind"], []).append(share.rows(item["work"]))
    for kind, files in by_kind.items():
        assert all(len(rows) == size for rows in files[:-1])
        assert 0 < len(files[-1]) <= size
        rows = [row for file in files for row in file]
        assert [row["key"] for row in rows] == sorted(row["key"] for row in rows)
        assert all(kind in {row["kind"], row["change"]} for row in rows)
    extract = share.store.read_json(keys.work_list("exec-2", "extract"))
    assert extract == [item for item in items if item["kind"] != "moved"]
    if full_sync:
        assert len(share.work(step="extract")) == len(now)


@given(months(), st.data())
def test_a_scan_that_died_anywhere_and_runs_again_leaves_what_one_run_leaves(
    month: tuple[dict[str, str], list[Entry]], data: st.DataObject
) -> None:
    now, before = month
    expected = Share()
    expected.hold(now)
    expected.know(before)
    expected.scan(release_brake=True)
    share = Share()
    share.hold(now)
    share.know(before)
    share.s3.lives = data.draw(st.integers(0, 20))
    try:
        share.scan(release_brake=True)
    except Killed:
        share.s3.lives = None
        share.scan(release_brake=True)
    share.s3.lives = None
    assert share.written() == expected.written()


@given(st.lists(shares, min_size=3, max_size=4), st.data())
def test_whatever_batches_left_half_done_the_next_one_leaves_the_index_as_the_share(
    months: list[dict[str, str]], data: st.DataObject
) -> None:
    first, *failing, last = months
    share = Share()
    share.know(known(first, dict.fromkeys(first, "indexed")))
    index = {keys.DATA + name: entry(name, text)["etag"] for name, text in first.items()}
    for number, now in enumerate(failing, 2):
        share.hold(now)
        share.scan(sync_batch_id=f"exec-{number}", release_brake=True)
        for work in share.work(f"exec-{number}"):
            if data.draw(st.booleans()):
                index[work["key"]] = work["etag"]
        for gone in share.deleted(f"exec-{number}"):
            if data.draw(st.booleans()):
                index.pop(gone["key"], None)
    share.hold(last)
    share.scan(sync_batch_id="exec-9", release_brake=True)
    index |= {work["key"]: work["etag"] for work in share.work("exec-9")}
    for gone in share.deleted("exec-9"):
        index.pop(gone["key"], None)
    assert index == {keys.DATA + name: entry(name, text)["etag"] for name, text in last.items()}


@given(
    st.lists(st.integers(0, 5_000_000), min_size=4, max_size=4),
    st.integers(1, 10_000),
)
def test_a_map_never_gets_more_children_than_it_may_have(kinds: list[int], wanted: int) -> None:
    size = lines_per_file(sum(kinds), wanted)
    assert size >= wanted
    assert sum(-(-count // size) for count in kinds) <= 9_900

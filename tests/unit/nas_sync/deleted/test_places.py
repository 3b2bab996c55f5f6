"""Every content of a deleted file has a place that no other content takes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from nas_sync.deleted.places import keys_for

MISSED = datetime(2025, 11, 30, 17, tzinfo=UTC)
TOKYO = timezone(timedelta(hours=9))
paths = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=400
)


def test_the_contract() -> None:
    first, second = keys_for("monthly-sync/営業/見積.v2.pdf", "abc", MISSED)
    assert first == "deleted/2025-11/monthly-sync/営業/見積.v2.pdf"
    assert second == "deleted/2025-11/monthly-sync/営業/見積.v2~abc.pdf"


def test_the_month_is_utc_whatever_zone_is_given() -> None:
    assert [*keys_for("k", "e", MISSED)] == [*keys_for("k", "e", MISSED.astimezone(TOKYO))]


@given(path=paths)
def test_keys_are_never_too_long_for_s3(path: str) -> None:
    for key in keys_for(f"monthly-sync/{path}", "0" * 36, MISSED):
        assert len(key.encode()) <= 1024
        assert key.startswith("deleted/2025-11/")


@given(path=paths, one=st.text("0123456789abcdef-", min_size=1), other=st.text("0123456789abcdef-"))
def test_each_content_has_a_place_of_its_own(path: str, one: str, other: str) -> None:
    first, second = keys_for(f"monthly-sync/{path}", one, MISSED)
    assert first != second
    if one != other:
        assert second not in [*keys_for(f"monthly-sync/{path}", other, MISSED)]

"""Which of AWS's answers mean that calls come too fast."""

from __future__ import annotations

from botocore.retries.standard import ThrottledRetryableChecker

from batchworks.errors import THROTTLED


def test_all_that_botocore_repeats_because_of_throttling_is_throttling() -> None:
    codes = vars(ThrottledRetryableChecker)["_THROTTLED_ERROR_CODES"]
    assert codes
    assert set(codes) <= THROTTLED

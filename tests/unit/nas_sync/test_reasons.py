"""Every reason has one status and one explanation in Japanese."""

from nas_sync import reasons


def test_a_reason_is_either_expected_or_a_failure() -> None:
    assert not reasons.SKIPPED.keys() & reasons.FAILED.keys()
    assert reasons.status_of("encrypted") == "skipped"
    assert reasons.status_of("timeout") == "failed"
    assert reasons.status_of("never heard of") == "failed"


def test_explains_every_reason_in_japanese() -> None:
    for code, told in reasons.EXPLANATIONS.items():
        assert told.endswith("。"), code
        assert reasons.explanation(code) == told
    assert reasons.explanation("never heard of") == "never heard of"

"""S3 that fails, is slow or cuts connections: nothing is lost or doubled, and the rest goes on."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from scripts.archive import clients
from scripts.archive.put.outcomes import Failed
from scripts.archive.put.sending import parts
from scripts.local_aws import LocalAws
from tests.unit.archive.put import faulty_proxy
from tests.unit.archive.put.back import REGION, Back, failed

ROUNDS = 8


@pytest.mark.parametrize("generation", ["new", "changed"])
def test_one_request_in_five_goes_wrong_and_every_file_is_archived_once(
    back: Back, aws: LocalAws, monkeypatch: pytest.MonkeyPatch, generation: str
) -> None:
    originals = [back.write(f"{number:03}.txt", b"%d" % number) for number in range(120)]
    originals.append(back.write("large.bin", os.urandom(3 * parts.WHOLE_LIMIT)))
    if generation == "changed":
        back.archive(*originals)
        originals = [back.write(f"{number:03}.txt", b"new %d" % number) for number in range(120)]
        originals.append(back.write("large.bin", os.urandom(3 * parts.WHOLE_LIMIT)))

    left = originals
    with faulty_proxy.running(aws.endpoint, share=0.2) as (url, faults):
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        tools = replace(
            back.tools, store=clients.store(back.tools.bucket, REGION), s3=clients.s3(REGION)
        )
        for _ in range(ROUNDS):
            outcomes = failed(back.archive(*left, tools=tools))
            _assert_told(outcomes)
            left = [outcome.original for outcome in outcomes]
            if not left:
                break

    assert left == []
    assert len(faults) == 5, faults
    expected = len(originals) * (1 if generation == "new" else 2)
    assert len(back.versions()) == expected
    assert sorted(row[:2] for row in back.rows()) == back.versions()
    assert len(back.markers()) == len(originals)


def _assert_told(outcomes: list[Failed]) -> None:
    for outcome in outcomes:
        assert outcome.stage == "upload"
        assert outcome.code
        assert outcome.message
        assert "operator" not in outcome.message  # the access key

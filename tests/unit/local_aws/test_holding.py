"""A call can be held, so that its caller can be killed at that very moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from scripts.local_aws import LocalAwsError
from tests.unit.local_aws.workshop import Workshop, eventually


@pytest.mark.parametrize(("moment", "done"), [("before", False), ("after", True)])
def test_a_call_is_held_until_released(workshop: Workshop, moment: str, *, done: bool) -> None:
    bucket, s3 = workshop.bucket(), workshop.aws.client("s3")

    def exists(key: str) -> bool:
        try:
            s3.head_object(Bucket=bucket, Key=key)
        except ClientError:
            return False
        return True

    workshop.aws.hold("s3.PutObject", nth=2, moment=moment)
    s3.put_object(Bucket=bucket, Key="first", Body=b"1")
    assert not workshop.aws.is_holding()
    with ThreadPoolExecutor() as pool:
        second = pool.submit(s3.put_object, Bucket=bucket, Key="second", Body=b"2")
        eventually(workshop.aws.is_holding)
        assert not second.done()
        assert exists("second") == done
        s3.put_object(Bucket=bucket, Key="third", Body=b"3")  # others go on
        workshop.aws.release()

    assert second.result()
    assert exists("second")
    assert not workshop.aws.is_holding()


def test_what_cannot_be_held_is_said(workshop: Workshop) -> None:
    with pytest.raises(LocalAwsError, match="say action, nth and moment"):
        workshop.aws.hold("s3.PutObject", moment="sometime")

"""Requests can be answered with errors, so that a test can see what becomes of their callers."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.local_aws import LocalAwsError
from tests.unit.local_aws.workshop import Workshop, allow


@pytest.mark.parametrize(
    ("service", "operation", "code", "status"),
    [
        ("dynamodb", "list_tables", "ProvisionedThroughputExceededException", 400),
        ("s3", "list_buckets", "SlowDown", 503),
        ("sqs", "list_queues", "InternalError", 500),
        ("lambda", "list_functions", "TooManyRequestsException", 429),
        ("efs", "describe_file_systems", "InternalServerError", 500),
        ("ecs", "list_clusters", "ThrottlingException", 400),
        ("ec2", "describe_vpcs", "RequestLimitExceeded", 503),
        ("ssm", "describe_parameters", "ThrottlingException", 400),
    ],
)
def test_a_fault_speaks_the_services_language(
    workshop: Workshop, service: str, operation: str, code: str, status: int
) -> None:
    call = getattr(workshop.aws.client(service), operation)

    with (
        workshop.aws.faults(f"{service}.*", code=code, status=status),
        pytest.raises(ClientError) as failed,
    ):
        call()

    assert failed.value.response["Error"]["Code"] == code
    assert failed.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    call()  # it is over


def test_nothing_happens_when_a_fault_strikes(workshop: Workshop) -> None:
    bucket, s3 = workshop.bucket(), workshop.aws.client("s3")

    with workshop.aws.faults("s3.Put*", code="InternalError", status=500) as faults:
        with pytest.raises(ClientError, match="InternalError"):
            s3.put_object(Bucket=bucket, Key="x")
        assert "Contents" not in s3.list_objects_v2(Bucket=bucket)
        assert faults.answered == 1


def outcomes(workshop: Workshop, requests: int, **settings: Any) -> list[bool]:
    """Which of so many requests were served."""
    dynamodb = workshop.aws.client("dynamodb")
    served = []
    with workshop.aws.faults("dynamodb.*", code="ThrottlingException", **settings) as faults:
        for _ in range(requests):
            try:
                dynamodb.list_tables()
            except ClientError:
                served.append(False)
            else:
                served.append(True)
        assert faults.answered == served.count(False)
    return served


def test_a_share_of_the_requests_is_struck_always_the_same(workshop: Workshop) -> None:
    served = outcomes(workshop, 60, share=0.2)

    assert 3 <= served.count(False) <= 25
    assert outcomes(workshop, 60, share=0.2) == served
    assert outcomes(workshop, 60, share=0.2, seed=2) != served


def test_only_one_request_is_struck(workshop: Workshop) -> None:
    assert outcomes(workshop, 4, nth=3) == [True, True, False, True]


def test_only_one_role_is_struck(workshop: Workshop) -> None:
    mine, other = (workshop.role(allow("sqs:ListQueues", "*")) for _ in range(2))

    with workshop.aws.faults("sqs.*", code="ThrottlingException", role=mine):
        workshop.aws.client_as(other, "sqs").list_queues()
        workshop.aws.client("sqs").list_queues()
        with pytest.raises(ClientError, match="ThrottlingException"):
            workshop.aws.client_as(mine, "sqs").list_queues()


@pytest.mark.parametrize("wrong", [{"share": 2}, {"status": 200}])
def test_a_fault_that_can_strike_nothing_is_refused(
    workshop: Workshop, wrong: dict[str, Any]
) -> None:
    faults = workshop.aws.faults("s3.*", code="SlowDown", **wrong)
    with pytest.raises(LocalAwsError, match="a share from 0 to 1"), faults:
        pytest.fail("it strikes")

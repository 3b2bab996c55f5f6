"""What moto lacks is said at once, and what crashes harms nobody else."""

from __future__ import annotations

import boto3
import pytest
import requests
from botocore.exceptions import ClientError

from scripts.local_aws import LocalAws
from scripts.local_aws.account import REGION


def signed_for(service: str) -> dict[str, str]:
    """Headers of a request to a service, as far as the local AWS looks at them."""
    scope = f"operator/20260101/{REGION}/{service}/aws4_request"
    return {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host"}


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "named"),
    [
        ("events", "list_endpoints", {}, "events.ListEndpoints"),  # JSON
        ("sns", "get_data_protection_policy", {"ResourceArn": "x"}, "sns.GetDataProtectionPolicy"),
        ("lambda", "get_account_settings", {}, "lambda.GetAccountSettings"),  # REST JSON
        ("ec2", "describe_trunk_interface_associations", {}, "ec2.DescribeTrunkInterface"),
    ],
)
def test_a_missing_action_is_named_in_a_501(
    aws: LocalAws, service: str, operation: str, arguments: dict[str, str], named: str
) -> None:
    with pytest.raises(ClientError) as error:
        getattr(aws.client(service), operation)(**arguments)

    answer = error.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert answer["Error"]["Code"] == "NotImplemented"
    assert f"the local AWS lacks {named}" in answer["Error"]["Message"]
    assert f"the local AWS lacks {named}" in (aws.home / "aws.log").read_text()


def test_sdks_do_not_try_again_what_is_missing(aws: LocalAws) -> None:
    patient = boto3.client(
        "events",
        endpoint_url=aws.endpoint,
        region_name=REGION,
        aws_access_key_id="operator",
        aws_secret_access_key="operator",
    )

    with pytest.raises(ClientError) as error:
        patient.list_endpoints()

    assert error.value.response["ResponseMetadata"]["RetryAttempts"] == 0


def test_a_missing_service_is_named_in_a_501(aws: LocalAws) -> None:
    answer = requests.post(aws.endpoint, headers=signed_for("nosuchthing"), timeout=10)

    assert answer.status_code == 501
    assert answer.json()["message"] == ("the local AWS lacks nosuchthing: moto has no such service")


def test_a_path_that_no_action_has_is_a_501_too(aws: LocalAws) -> None:
    answer = requests.get(
        f"{aws.endpoint}/2099-01-01/nonsense", headers=signed_for("lambda"), timeout=10
    )

    assert answer.status_code == 501
    assert "lambda GET /2099-01-01/nonsense" in answer.text


def test_a_crash_in_moto_is_an_error_of_that_request_only(aws: LocalAws) -> None:
    answer = requests.post(
        aws.endpoint,
        json={"Rule": "daily", "Targets": 5},
        headers={**signed_for("events"), "X-Amz-Target": "AWSEvents.PutTargets"},
        timeout=10,
    )

    assert answer.status_code == 500
    assert "events.PutTargets crashed in the local AWS: TypeError" in answer.text
    assert aws.answers()


def test_nonsense_on_the_wire_is_answered(aws: LocalAws) -> None:
    headers = {**signed_for("events"), "X-Amz-Target": "AWSEvents.PutEvents"}

    answer = requests.post(aws.endpoint, data=b"{not json", headers=headers, timeout=10)

    assert answer.status_code >= 400
    assert aws.answers()

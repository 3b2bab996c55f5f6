"""What Terraform leaves in the account: the names operators know, and no change left to make."""

import pytest

from scripts import terraform
from tests.system.dynamodb_export.system import (
    BATCH,
    BUCKET,
    COMPLETED,
    EXPORT,
    FOLLOW_UP,
    JOBS,
    PARTITION,
    DynamoDbExport,
)

SCHEDULES = {
    EXPORT: "cron(0 18 * * ? *)",
    BATCH: "cron(30 18 * * ? *)",
    FOLLOW_UP: "rate(15 minutes)",
    PARTITION: "cron(0 21 * * ? *)",
}


def test_a_second_plan_is_empty(system: DynamoDbExport) -> None:
    system.client("events").enable_rule(Name=COMPLETED)
    assert terraform.plan(system.stack) is False


@pytest.mark.parametrize("job", JOBS)
def test_the_names_operators_know_exist(system: DynamoDbExport, job: str) -> None:
    function = system.client("lambda").get_function(FunctionName=job)["Configuration"]
    assert function["DeadLetterConfig"]["TargetArn"].endswith(f":{job}-dlq")
    assert function["Timeout"] <= 900
    events = system.client("events")
    assert events.describe_rule(Name=f"{job}-schedule")["ScheduleExpression"] == SCHEDULES[job]
    assert events.describe_rule(Name=f"{job}-manual")["State"] == "ENABLED"
    alarms = system.client("cloudwatch").describe_alarms(AlarmNamePrefix=job)["MetricAlarms"]
    assert {alarm["AlarmName"].removeprefix(f"{job}-") for alarm in alarms} == {
        "errors",
        "duration",
        "throttles",
        "dead-letters",
        "no-run",
    }


def test_a_table_that_failed_is_an_alarm(system: DynamoDbExport) -> None:
    alarms = system.client("cloudwatch").describe_alarms(AlarmNamePrefix="dynamodb-export-")
    told = {
        alarm["AlarmName"]: (alarm["Namespace"], alarm["MetricName"], alarm["Dimensions"])
        for alarm in alarms["MetricAlarms"]
    }
    namespace, metric, dimensions = told["dynamodb-export-batch-export-tables-failed"]
    assert (namespace, metric) == ("batchworks", "TablesFailed")
    assert {each["Name"]: each["Value"] for each in dimensions} == {
        "service": BATCH,
        "environment": "local",
    }


def test_days_are_versioned_encrypted_and_grow_cold(system: DynamoDbExport) -> None:
    s3 = system.client("s3")
    assert s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"
    encryption = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]
    (rule,) = encryption["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    rules = s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]
    kept = {rule["ID"]: rule for rule in rules}
    assert kept["exports"]["Filter"]["Prefix"] == "raw/"
    assert {each["StorageClass"]: each["Days"] for each in kept["exports"]["Transitions"]} == {
        "STANDARD_IA": 30,
        "GLACIER": 90,
    }
    old = kept["replaced-versions"]["NoncurrentVersionExpiration"]
    assert old["NoncurrentDays"] == 7
    unfinished = kept["abort-unfinished-uploads"]["AbortIncompleteMultipartUpload"]
    assert unfinished["DaysAfterInitiation"] == 7


def test_what_the_stack_tells_the_functions_is_what_it_hands_out(system: DynamoDbExport) -> None:
    told = system.client("lambda").get_function_configuration(
        FunctionName=EXPORT, Qualifier="live"
    )["Environment"]["Variables"]
    assert told == system.outputs["settings"]

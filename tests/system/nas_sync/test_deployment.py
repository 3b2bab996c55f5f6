"""What Terraform leaves in the account: the names operators know, and no change left to make."""

from __future__ import annotations

from scripts import terraform
from tests.system.nas_sync.system import FUNCTIONS, STATE_MACHINE, TABLE, NasSync


def test_the_names_operators_know_exist(system: NasSync) -> None:
    names = {each["FunctionName"] for each in system.client("lambda").list_functions()["Functions"]}
    assert set(FUNCTIONS) <= names
    rule = system.client("events").describe_rule(Name=STATE_MACHINE)
    assert rule["ScheduleExpression"] == "cron(0 17 L * ? *)"
    table = system.client("dynamodb").describe_table(TableName=TABLE)["Table"]
    assert [each["IndexName"] for each in table["GlobalSecondaryIndexes"]] == [
        "sync-timestamp-index"
    ]
    boards = system.client("cloudwatch").list_dashboards()["DashboardEntries"]
    assert "CIS-BatchSync-Dashboard" in {each["DashboardName"] for each in boards}
    assert system.outputs["alerts_topic_arn"].endswith(":CIS-BatchSync-Notifications")
    assert system.outputs["dead_letter_queue"]["name"] == "CIS-BatchSync-DLQ"
    assert (system.raw, system.archive) == (
        "cis-filesearch-raw-files",
        "cis-filesearch-archived-files",
    )


def test_a_second_plan_changes_nothing_also_after_runs(system: NasSync) -> None:
    assert terraform.plan(system.stack) is False

"""What Terraform leaves in the account: the names operators know, and no change left to make."""

import json

from scripts import terraform
from tests.system.efs_autoscaler.conftest import Files
from tests.system.efs_autoscaler.system import FUNCTION, PARAMETER, EfsAutoscaler


def test_the_names_operators_know_exist(system: EfsAutoscaler) -> None:
    function = system.client("lambda").get_function(FunctionName=FUNCTION)
    told = function["Configuration"]
    assert (told["MemorySize"], told["Timeout"]) == (1024, 300)
    assert function["Concurrency"]["ReservedConcurrentExecutions"] == 1
    assert told["FileSystemConfigs"][0]["LocalMountPath"] == "/mnt/efs"
    rule = system.client("events").describe_rule(Name=f"{FUNCTION}-schedule")
    assert rule["ScheduleExpression"] == "rate(5 minutes)"
    [cluster] = system.client("ecs").describe_clusters(clusters=[FUNCTION])["clusters"]
    assert cluster["status"] == "ACTIVE"
    alarms = system.client("cloudwatch").describe_alarms(AlarmNamePrefix=FUNCTION)["MetricAlarms"]
    assert {alarm["AlarmName"].removeprefix(f"{FUNCTION}-") for alarm in alarms} == {
        "errors",
        "duration",
        "throttles",
        "dead-letters",
        "no-run",
        "error-rate",
        "io-limit",
        "missing-tasks",
    }


def test_the_first_list_holds_what_terraform_made(system: EfsAutoscaler) -> None:
    assert system.outputs["list_parameter"]["name"] == PARAMETER
    assert {each["mount_target_id"] for each in system.listed()} == system.initial
    assert system.zones() == ["a", "c"]


def test_a_container_knows_a_list_to_fall_back_on(system: EfsAutoscaler) -> None:
    [container] = system.client("ecs").describe_task_definition(taskDefinition=FUNCTION)[
        "taskDefinition"
    ]["containerDefinitions"]
    told = {setting["name"]: setting["value"] for setting in container["environment"]}
    assert json.loads(told["EFS_DEFAULT_TARGETS"]) == system.listed()
    assert container["linuxParameters"]["capabilities"]["add"] == ["SYS_ADMIN"]


def test_a_plan_stays_empty_whatever_the_controller_made(
    system: EfsAutoscaler, files: Files
) -> None:
    files.many()
    assert system.invoke().payload["new_mount_target_created"] is True
    assert terraform.plan(system.stack) is False
    assert len(system.listed()) == 3, "and the list is not overwritten"

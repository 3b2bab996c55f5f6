"""Which ARNs a request is about, service by service.

The resource types of every action:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from moto.backends import get_backend
from moto.secretsmanager.models import secretsmanager_backends

from scripts.local_aws.account import ACCOUNT, PARTITION


class UnknownServiceError(Exception):
    """Nobody has written down yet how requests to a service name their resource."""


@dataclass(frozen=True)
class Call:
    """A request as far as it names its resource.

    Attributes:
        service: As IAM names it.
        action: The operation, without the service.
        path: URL path.
        parameter: Value of a request parameter, or None.
    """

    service: str
    action: str
    region: str
    path: str
    parameter: Callable[[str], Any]

    def arn(self, resource: str) -> str:
        """The ARN of a resource of this service, or `resource` if it is one already."""
        if resource.startswith("arn:"):
            return resource
        return f"arn:{PARTITION}:{self.service}:{self.region}:{ACCOUNT}:{resource}"


def resources(call: Call) -> list[str]:
    """The ARNs a request is about: the caller must be allowed each of them.

    Raises:
        UnknownServiceError: The service isn't in the table below.
    """
    try:
        read = _RESOURCES[call.service]
    except KeyError:
        raise UnknownServiceError(
            f"how requests to {call.service} name their resource is not in iam/resources.py"
        ) from None
    return read(call)


def _nothing(_: Call) -> list[str]:
    return ["*"]


def _table(call: Call) -> list[str]:
    """A table, an index or an export; ListExports is about no resource, also if it names a table.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
    """
    if call.action in _DYNAMODB_WITHOUT_RESOURCE:
        return ["*"]
    if tables := _tables_of_a_batch(call):
        return [_table_arn(call, table) for table in sorted(tables)]
    if named := call.parameter("ExportArn") or call.parameter("ResourceArn"):
        return [named]
    table = call.parameter("TableName") or call.parameter("TableArn")
    if not table:
        return ["*"]
    index = call.parameter("IndexName")
    return [_table_arn(call, table) + (f"/index/{index}" if index else "")]


_DYNAMODB_WITHOUT_RESOURCE = {"ListExports", "ListTables", "DescribeLimits", "DescribeEndpoints"}


def _tables_of_a_batch(call: Call) -> set[str]:
    actions = call.parameter("TransactItems") or []
    return set(call.parameter("RequestItems") or {}) | {
        item["TableName"] for action in actions for item in action.values()
    }


def _table_arn(call: Call, table: str) -> str:
    return table if table.startswith("arn:") else call.arn(f"table/{table}")


def _file_system(call: Call) -> list[str]:
    """A file system or an access point; a mount target counts as its file system."""
    _, _, tagged = call.path.partition("/resource-tags/")
    point = call.parameter("AccessPointId") or (tagged if tagged.startswith("fsap-") else None)
    if point:
        return [call.arn(f"access-point/{_last(point)}")]
    mount_target = call.parameter("MountTargetId")
    if mount_target:
        known = get_backend("efs")[ACCOUNT][call.region].mount_targets_by_id.get(mount_target)
        return [call.arn(f"file-system/{known.file_system_id}")] if known else ["*"]
    system = call.parameter("FileSystemId") or tagged
    return [call.arn(f"file-system/{_last(system)}")] if system else ["*"]


def _last(name_or_arn: str) -> str:
    return name_or_arn.rsplit("/", 1)[-1]


def _ecs(call: Call) -> list[str]:
    """Services and tasks of a cluster, a cluster, a task definition, or a resource by its ARN.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
    """
    if call.action in _ECS_WITHOUT_RESOURCE:
        return ["*"]
    if named := call.parameter("resourceArn") or _task_definition(call):
        return [named]
    cluster = _last(call.parameter("cluster") or "default")
    for kind in ("service", "task"):
        if names := _named(call, kind):
            return [call.arn(f"{kind}/{cluster}/{_last(name)}") for name in names]
    clusters = call.parameter("clusters") or [call.parameter("clusterName") or cluster]
    return [call.arn(f"cluster/{_last(each)}") for each in clusters]


_ECS_WITHOUT_RESOURCE = {
    "DescribeTaskDefinition",
    "DeregisterTaskDefinition",
    "ListClusters",
    "ListServices",
    "ListTaskDefinitions",
}


def _named(call: Call, kind: str) -> list[str]:
    one = call.parameter(kind) or (call.parameter("serviceName") if kind == "service" else None)
    return [one] if one else call.parameter(f"{kind}s") or []


def _task_definition(call: Call) -> str | None:
    if call.action == "RegisterTaskDefinition":
        return call.arn(f"task-definition/{call.parameter('family')}:*")
    if call.action != "RunTask":
        return None
    return call.arn(f"task-definition/{_last(call.parameter('taskDefinition'))}")


def _key(call: Call) -> list[str]:
    """A key; an alias is only another name of it."""
    wanted = call.parameter("KeyId") or call.parameter("TargetKeyId")
    if not wanted:
        return ["*"]
    known = get_backend("kms")[ACCOUNT][call.region]
    key = known.any_id_to_key_id(wanted)
    return [known.keys[key].arn if key in known.keys else call.arn(f"key/{key or wanted}")]


def _bus_or_rule(call: Call) -> list[str]:
    if call.action == "PutEvents":
        entries = call.parameter("Entries") or []
        buses = {entry.get("EventBusName") or "default" for entry in entries}
        return [bus if bus.startswith("arn:") else call.arn(f"event-bus/{bus}") for bus in buses]
    rule = call.parameter("Name") or call.parameter("Rule")
    return [call.arn(f"rule/{rule}")] if rule else ["*"]


def _function(call: Call) -> list[str]:
    _, _, rest = call.path.partition("/functions/")
    name = unquote(rest.split("/", 1)[0])
    if not name:
        return ["*"]
    qualifier = call.parameter("Qualifier")
    arn = name if name.startswith("arn:") else call.arn(f"function:{name}")
    return [f"{arn}:{qualifier}" if qualifier else arn]


def _log_group_or_stream(call: Call) -> list[str]:
    group = call.parameter("logGroupName")
    if not group:
        return ["*"]
    stream = call.parameter("logStreamName")
    return [call.arn(f"log-group:{group}:" + (f"log-stream:{stream}" if stream else "*"))]


def _secret(call: Call) -> list[str]:
    """A secret's ARN ends in six random characters, also when the request gives its name."""
    wanted = call.parameter("SecretId")
    if not wanted:
        return ["*"]
    known = secretsmanager_backends[ACCOUNT][call.region].secrets
    return [known[wanted].arn if wanted in known else call.arn(f"secret:{wanted}")]


def _role(call: Call) -> list[str]:
    return [call.parameter("RoleArn") or "*"]


def _job(call: Call) -> list[str]:
    """A job of S3 Batch Operations; requests about objects and buckets name them to moto."""
    _, _, rest = call.path.partition("/jobs/")
    return [call.arn(f"job/{rest.split('/', 1)[0]}")] if rest else ["*"]


def _topic(call: Call) -> list[str]:
    return [call.parameter("TopicArn") or call.parameter("TargetArn") or "*"]


def _queue(call: Call) -> list[str]:
    queue = call.parameter("QueueUrl") or call.parameter("QueueName")
    return [call.arn(queue.rsplit("/", 1)[-1])] if queue else ["*"]


def _parameter(call: Call) -> list[str]:
    names = call.parameter("Names") or [call.parameter("Name") or call.parameter("Path")]
    return [call.arn(f"parameter/{name.lstrip('/')}") if name else "*" for name in names]


def _state_machine(call: Call) -> list[str]:
    """A state machine, an execution or a map run, each by its ARN; a new machine by its name."""
    for name in ("stateMachineArn", "executionArn", "mapRunArn", "resourceArn"):
        if arn := call.parameter(name):
            return [arn]
    created = call.parameter("name")
    return [call.arn(f"stateMachine:{created}")] if created else ["*"]


def _vpn_connection(call: Call) -> list[str]:
    """A VPN connection; a new one, and the gateways that it connects. The rest of EC2 is `*`.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
    """
    if call.action == "CreateVpnConnection":
        gateways = {
            "customer-gateway": call.parameter("CustomerGatewayId"),
            "vpn-gateway": call.parameter("VpnGatewayId"),
        }
        named = [f"{kind}/{gateway}" for kind, gateway in gateways.items() if gateway]
        return [call.arn(each) for each in (*named, "vpn-connection/*")]
    connection = call.parameter("VpnConnectionId")
    return [call.arn(f"vpn-connection/{connection}")] if connection else ["*"]


def _transfer(call: Call) -> list[str]:
    """A task, an execution, a location or an agent of DataSync; a new one and lists are `*`.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsdatasync.html
    """
    if call.action.startswith(("Create", "List")) and call.action != "ListTagsForResource":
        return ["*"]
    kinds = ("TaskExecution", "Task", "Location", "Agent", "Resource")
    return [next(filter(None, (call.parameter(f"{kind}Arn") for kind in kinds)), "*")]


_RESOURCES: dict[str, Callable[[Call], list[str]]] = {
    "application-autoscaling": _nothing,  # a scalable target's ARN has an id that no request knows
    "cloudwatch": _nothing,
    "datasync": _transfer,
    "dynamodb": _table,
    "ec2": _vpn_connection,
    "ecs": _ecs,
    "elasticfilesystem": _file_system,
    "events": _bus_or_rule,
    "kms": _key,
    "lambda": _function,
    "logs": _log_group_or_stream,
    "s3": _job,
    "secretsmanager": _secret,
    "sns": _topic,
    "sqs": _queue,
    "ssm": _parameter,
    "states": _state_machine,
    "sts": _role,
    "xray": _nothing,
}

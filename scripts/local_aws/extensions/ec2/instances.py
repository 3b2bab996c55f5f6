"""Instances and their networks: moto switches no detailed monitoring on or off.

It forgets the security groups of an instance whose network interface is described with it, and
shows a public address where there is none. It loses the description of a security group rule that
refers to another group. It deletes a subnet in which network interfaces are. And it takes the tags
of a launch template for tags that instances of it get.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import DependencyViolationError
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.instances import Instance
from moto.ec2.models.launch_templates import LaunchTemplate
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.models.subnets import Subnet, SubnetBackend
from moto.ec2.responses.monitoring import Monitoring

from scripts.local_aws.patching import replace

_prepare = Instance.prep_nics
_make_template = LaunchTemplate.__init__
_association: Any = NetworkInterface.association
_delete_subnet = SubnetBackend.delete_subnet


@replace(Instance)
def prep_nics(self: Instance, nic_spec: list[dict[str, Any]], **kwargs: Any) -> None:
    """Make the network interfaces; an instance is in the groups of its first one."""
    _prepare(self, nic_spec, **kwargs)
    if not self.security_groups and 0 in self.nics:
        self.security_groups = list(self.nics[0].group_set)


def _public_address(interface: NetworkInterface) -> dict[str, Any] | None:
    return _association.fget(interface) or None


replace(NetworkInterface, "association")(property(_public_address))


def _description(rule: SecurityGroupRule) -> str | None:
    described: str | None = rule.ip_range.get("Description", rule.source_group.get("Description"))
    return described


replace(SecurityGroupRule, "description")(property(_description))


@replace(SubnetBackend)
def delete_subnet(self: Any, subnet_id: str) -> Subnet:
    """Delete a subnet that nothing is in."""
    if any(each.subnet.id == subnet_id and _in_use(each) for each in self.enis.values()):
        raise DependencyViolationError(
            f"The subnet '{subnet_id}' has dependencies and cannot be deleted."
        )
    return _delete_subnet(self, subnet_id)


def _in_use(interface: NetworkInterface) -> bool:
    return not interface.instance or interface.instance.state != "terminated"


@replace(LaunchTemplate)
def __init__(  # noqa: N807  # moto's constructor
    self: Any, backend: Any, name: str, template_data: dict[str, Any], *args: Any
) -> None:
    specified = template_data.pop("TagSpecifications", [])
    if others := [each for each in specified if each["ResourceType"] != "launch-template"]:
        template_data["TagSpecifications"] = others
    _make_template(self, backend, name, template_data, *args)


@replace(Monitoring)
def monitor_instances(self: Monitoring) -> ActionResult:
    """Switch detailed monitoring on."""
    return _monitor(self, "enabled")


@replace(Monitoring)
def unmonitor_instances(self: Monitoring) -> ActionResult:
    """Switch detailed monitoring off."""
    return _monitor(self, "disabled")


def _monitor(request: Monitoring, state: str) -> ActionResult:
    request.error_on_dryrun()
    changed = []
    for instance_id in request._get_param("InstanceIds", []):
        instance = request.ec2_backend.get_instance(instance_id)
        instance.monitoring_state = state
        changed.append({"InstanceId": instance_id, "Monitoring": instance.monitoring})
    return ActionResult({"InstanceMonitorings": changed})

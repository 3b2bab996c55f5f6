"""EC2: moto loses the description of a security group rule that refers to another group."""

from __future__ import annotations

from moto.ec2.models.security_groups import SecurityGroupRule

from scripts.local_aws.patching import replace


def _description(rule: SecurityGroupRule) -> str | None:
    described: str | None = rule.ip_range.get("Description", rule.source_group.get("Description"))
    return described


replace(SecurityGroupRule, "description")(property(_description))

"""Agents: whatever its activation key, an agent is there at once, and online while a tunnel is up.

AWS calls an agent offline that it hasn't heard of for five minutes.
https://docs.aws.amazon.com/datasync/latest/userguide/API_DescribeAgent.html
"""

from __future__ import annotations

from moto.datasync.exceptions import InvalidRequestException
from moto.datasync.responses import DataSyncResponse

from scripts.local_aws.extensions.datasync.requests import answer, asked, given
from scripts.local_aws.patching import add
from scripts.local_aws.transfers.conditions import is_agent_online
from scripts.local_aws.transfers.resources import RESOURCES


@add(DataSyncResponse)
def create_agent(self: DataSyncResponse) -> str:
    """Activate an agent, by way of a VPC endpoint if one is given."""
    if not self._get_param("ActivationKey"):
        raise InvalidRequestException("ActivationKey is missing")
    link = given(self, "VpcEndpointId", "SubnetArns", "SecurityGroupArns")
    private = "VpcEndpointId" in link
    if private and len(link) < 3:
        raise InvalidRequestException("An agent of a VPC endpoint needs a subnet and a group")
    agent = RESOURCES.add(
        "agent",
        {
            "Name": self._get_param("AgentName"),
            "EndpointType": "PRIVATE_LINK" if private else "PUBLIC",
            "PrivateLinkConfig": link if private else None,
        },
        self._get_param("Tags"),
    )
    return answer(AgentArn=agent.arn)


@add(DataSyncResponse)
def describe_agent(self: DataSyncResponse) -> str:
    """Tell of an agent."""
    agent = RESOURCES.get(self._get_param("AgentArn"))
    return answer(AgentArn=agent.arn, Status=_status(), **agent.described)


@add(DataSyncResponse)
def update_agent(self: DataSyncResponse) -> str:
    """Give an agent another name."""
    RESOURCES.get(self._get_param("AgentArn")).described |= asked(self, "Name")
    return answer()


@add(DataSyncResponse)
def delete_agent(self: DataSyncResponse) -> str:
    """Delete an agent that no location needs."""
    arn = self._get_param("AgentArn")
    if any(_uses(location.described, arn) for location in RESOURCES.of("location")):
        raise InvalidRequestException(f"Agent {arn} is in use by a location.")
    RESOURCES.remove(arn)
    return answer()


def _status() -> str:
    return "ONLINE" if is_agent_online() else "OFFLINE"


def _uses(location: dict[str, object], agent: str) -> bool:
    config = location.get("OnPremConfig") or location
    return isinstance(config, dict) and agent in config.get("AgentArns", [])


@add(DataSyncResponse)
def list_agents(self: DataSyncResponse) -> str:
    """Tell of all agents."""
    del self
    agents = [
        {"AgentArn": each.arn, "Name": each.described.get("Name"), "Status": _status()}
        for each in RESOURCES.of("agent")
    ]
    return answer(Agents=agents)

"""What VPNManager is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from batchworks.errors import SettingsError
from batchworks.settings import Variables
from nas_sync import settings

_MODES = ("always_on", "on_demand")


@dataclass(frozen=True)
class OnDemand:
    """What a connection that is made for a batch is made of."""

    environment: str
    customer_gateway: str  # id
    vpn_gateway: str  # id
    preshared_keys: str  # ARN of the secret {"tunnel1": "…", "tunnel2": "…"}
    inside_cidrs: tuple[str, str]  # 169.254.…/30, one for each tunnel
    nas_cidr: str  # where the static route leads
    address_parameter: str  # name of the SSM parameter that holds the outside addresses
    topic: str  # ARN; hears of new outside addresses


@dataclass(frozen=True)
class Settings:
    """Everything VPNManager needs to know."""

    log_level: str
    connection: str | None  # id of the one that is there always
    on_demand: OnDemand | None  # otherwise


def load(environ: Mapping[str, str]) -> Settings:
    """Read the settings.

    Args:
        environ: such as `os.environ`.

    Raises:
        SettingsError: one is missing or malformed; the message names it and the remedy.
    """
    given = settings.variables(environ)
    on_demand = given.choice("VPN_MODE", "always_on", _MODES) == "on_demand"
    return Settings(
        log_level=given.choice("LOG_LEVEL", "INFO", settings.LOG_LEVELS),
        connection=given.optional("VPN_CONNECTION_ID"),
        on_demand=_on_demand(given) if on_demand else None,
    )


def _on_demand(given: Variables) -> OnDemand:
    return OnDemand(
        environment=given.optional("ENVIRONMENT") or "prd",
        customer_gateway=given.required("CUSTOMER_GATEWAY_ID", "the router's, cgw-…"),
        vpn_gateway=given.required("VPN_GATEWAY_ID", "the VPC's, vgw-…"),
        preshared_keys=given.required("PRESHARED_KEYS_SECRET_ARN", "the ARN of the keys' secret"),
        inside_cidrs=_inside_cidrs(given),
        nas_cidr=given.required("NAS_CIDR", "the network that the NAS is in, 192.168.…/24"),
        address_parameter=given.required("ADDRESS_PARAMETER", "the name of an SSM parameter"),
        topic=given.required("TOPIC_ARN", "the topic that hears of new outside addresses"),
    )


def _inside_cidrs(given: Variables) -> tuple[str, str]:
    text = given.required("INSIDE_CIDRS", "two networks 169.254.…/30, with a comma between them")
    cidrs = [each.strip() for each in text.split(",")]
    if len(cidrs) != 2 or not all(cidrs):
        raise SettingsError(f"INSIDE_CIDRS is {text!r}: give two, one for each tunnel")
    return cidrs[0], cidrs[1]

"""EC2: what moto gets wrong about instances, and its VPN connections, which connect nothing.

Each module here begins with what it completes.
"""

from scripts.local_aws.extensions.ec2 import gateways, instances, vpn_connections

__all__ = ["gateways", "instances", "vpn_connections"]

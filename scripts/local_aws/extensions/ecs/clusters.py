"""Clusters: in moto deleted clusters and services are listed, and can still be used."""

from __future__ import annotations

from moto.ecs.exceptions import ClusterNotFoundException
from moto.ecs.models import Cluster, EC2ContainerServiceBackend

from scripts.local_aws.patching import replace

_get = EC2ContainerServiceBackend._get_cluster
_services = EC2ContainerServiceBackend.list_services


@replace(EC2ContainerServiceBackend)
def _get_cluster(self: EC2ContainerServiceBackend, name: str) -> Cluster:
    """A cluster to work with."""
    found = _get(self, name)
    if found.status == "INACTIVE":
        raise ClusterNotFoundException
    return found


@replace(EC2ContainerServiceBackend)
def list_clusters(self: EC2ContainerServiceBackend) -> list[str]:
    """The ARNs of clusters that aren't deleted."""
    return sorted(each.arn for each in self.clusters.values() if each.status != "INACTIVE")


@replace(EC2ContainerServiceBackend)
def list_services(
    self: EC2ContainerServiceBackend,
    cluster_str: str,
    scheduling_strategy: str | None = None,
    launch_type: str | None = None,
) -> list[str]:
    """The ARNs of services that aren't deleted."""
    deleted = {each.arn for each in self.services.values() if each.status == "INACTIVE"}
    listed = _services(self, cluster_str, scheduling_strategy, launch_type)
    return [arn for arn in listed if arn not in deleted]

"""Tags of agents, locations and tasks."""

from __future__ import annotations

from moto.datasync.responses import DataSyncResponse

from scripts.local_aws.extensions.datasync.requests import answer
from scripts.local_aws.patching import add
from scripts.local_aws.transfers.resources import RESOURCES, Resource


@add(DataSyncResponse)
def tag_resource(self: DataSyncResponse) -> str:
    """Set tags."""
    RESOURCES.tag(_find(self), self._get_param("Tags"))
    return answer()


@add(DataSyncResponse)
def untag_resource(self: DataSyncResponse) -> str:
    """Take tags away."""
    found = _find(self)
    for key in self._get_param("Keys"):
        found.tags.pop(key, None)
    return answer()


@add(DataSyncResponse)
def list_tags_for_resource(self: DataSyncResponse) -> str:
    """Tell the tags."""
    tags = [{"Key": key, "Value": value} for key, value in _find(self).tags.items()]
    return answer(Tags=tags)


def _find(request: DataSyncResponse) -> Resource:
    return RESOURCES.get(request._get_param("ResourceArn"))

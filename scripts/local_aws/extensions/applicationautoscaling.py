"""Application Auto Scaling: moto keeps no tags of what may scale."""

from __future__ import annotations

import json
from collections.abc import Callable

from moto.applicationautoscaling.models import (
    ApplicationAutoscalingBackend,
)
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.utilities.tagging_service import TaggingService

from scripts.local_aws.patching import add, replace

_TAGS = TaggingService()

_register: Callable[..., str] = ApplicationAutoScalingResponse.register_scalable_target
_deregister = ApplicationAutoscalingBackend.deregister_scalable_target


@replace(ApplicationAutoScalingResponse)
def register_scalable_target(self: ApplicationAutoScalingResponse) -> str:
    """Register what may scale, with its tags."""
    answer = _register(self)
    _tag(json.loads(answer)["ScalableTargetARN"], self._get_param("Tags") or {})
    return answer


@replace(ApplicationAutoscalingBackend)
def deregister_scalable_target(
    self: ApplicationAutoscalingBackend, namespace: str, r_id: str, dimension: str
) -> None:
    """Forget what may scale, and its tags."""
    for target in self.describe_scalable_targets(namespace, [r_id], dimension):
        _TAGS.delete_all_tags_for_resource(target.arn)
    _deregister(self, namespace, r_id, dimension)


@add(ApplicationAutoScalingResponse)
def list_tags_for_resource(self: ApplicationAutoScalingResponse) -> str:
    """The tags of what may scale."""
    return json.dumps({"Tags": _TAGS.get_tag_dict_for_resource(self._get_param("ResourceARN"))})


@add(ApplicationAutoScalingResponse)
def tag_resource(self: ApplicationAutoScalingResponse) -> str:
    """Add tags."""
    _tag(self._get_param("ResourceARN"), self._get_param("Tags"))
    return "{}"


@add(ApplicationAutoScalingResponse)
def untag_resource(self: ApplicationAutoScalingResponse) -> str:
    """Take tags away."""
    _TAGS.untag_resource_using_names(self._get_param("ResourceARN"), self._get_param("TagKeys"))
    return "{}"


def _tag(arn: str, tags: dict[str, str]) -> None:
    _TAGS.tag_resource(arn, TaggingService.convert_dict_to_tags_input(tags))

"""Auto Scaling: in moto, instances that were protected from scale-in outlive everything.

Neither does a group shrink once its instances are no longer protected, nor do they end with it.
"""

from __future__ import annotations

from moto.autoscaling.models import AutoScalingBackend

from scripts.local_aws.patching import replace

_protect = AutoScalingBackend.set_instance_protection
_delete = AutoScalingBackend.delete_auto_scaling_group


@replace(AutoScalingBackend)
def set_instance_protection(
    self: AutoScalingBackend,
    group_name: str,
    instance_ids: list[str],
    protected_from_scale_in: bool | None,
) -> None:
    """Protect instances, or let those go that are too many."""
    _protect(self, group_name, instance_ids, protected_from_scale_in)
    self.set_desired_capacity(group_name, self.autoscaling_groups[group_name].desired_capacity)


@replace(AutoScalingBackend)
def delete_auto_scaling_group(self: AutoScalingBackend, group_name: str) -> None:
    """Delete a group and its instances."""
    if group := self.autoscaling_groups.get(group_name):
        every = [each.instance.id for each in group.instance_states]
        _protect(self, group_name, every, protected_from_scale_in=False)
    _delete(self, group_name)

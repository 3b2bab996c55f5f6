"""Terraform with the right backend, settings and plan: `python -m scripts.terraform plan …`.

A stack's state lies in the bucket that `terraform/environments/<env>.tfbackend` names, under
`<env>/<stack>.tfstate`. Its settings are, later ones winning: `environments/<env>.tfvars`,
`stacks/<stack>/<env>.tfvars`, and what the caller adds (for `local`: the running estate's own).

A plan is saved, and that plan is what is applied. It counts as reviewed only as long as nothing
it was made from has changed: code, settings, zips (by a fingerprint beside it) and state (by
Terraform itself). Then `local` plans anew, dev and prd refuse.
"""

from scripts.terraform.actions import apply, destroy, init, outputs, plan
from scripts.terraform.errors import TerraformError
from scripts.terraform.inputs import fingerprint
from scripts.terraform.stack import Stack, on_estate, require, stack_of

__all__ = [
    "Stack",
    "TerraformError",
    "apply",
    "destroy",
    "fingerprint",
    "init",
    "on_estate",
    "outputs",
    "plan",
    "require",
    "stack_of",
]

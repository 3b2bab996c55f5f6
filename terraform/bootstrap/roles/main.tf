# Two roles for GitHub Actions in one environment, and the limit of every role they make.
#
#   plan.tf      who may plan: any pull request and the main branch; reads
#   apply.tf     who may apply: jobs of the GitHub environment, from the main branch
#   boundary.tf  what a job may do at run time, whatever role an apply gives it
#
# What the roles may do are pairs of lists of statements: `plan`, what both need to compare
# settings with what exists, and `apply`, what changes it.
#
#   stacks.tf stack/                            what each stack brings, limited to its names
#   state.tf network.tf searches.tf guard.tf    what all stacks of the environment share

data "aws_caller_identity" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
  own     = "batchworks-${var.environment}"

  # A role takes 10 policies, and 10,240 characters of its own.
  # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  attached = {
    for policy, stack in module.stack :
    policy => stack.statements if !contains(local.within_role, policy)
  }
  written = [
    for policy, stack in module.stack : stack.statements if contains(local.within_role, policy)
  ]
  shared = {
    plan = concat(
      local.state.plan, local.network.plan, local.searches.plan, local.guard.plan,
      flatten(local.written[*].plan),
    )
    apply = concat(
      local.state.plan, local.network.plan, local.searches.plan, local.guard.plan,
      local.state.apply, local.network.apply, local.searches.apply, local.guard.apply,
      flatten(local.written[*].apply),
    )
  }
}

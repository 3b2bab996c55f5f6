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

  # A role takes 10 policies: what all stacks share is written into the role itself, so that each of
  # them is a stack's. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  shared = {
    plan = concat(local.state.plan, local.network.plan, local.searches.plan, local.guard.plan)
    apply = concat(
      local.state.plan, local.network.plan, local.searches.plan, local.guard.plan,
      local.state.apply, local.network.apply, local.searches.apply, local.guard.apply,
    )
  }
  policies = merge([for stack in module.stack : stack.policies]...)
}

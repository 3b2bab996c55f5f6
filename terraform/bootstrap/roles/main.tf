# Two roles for GitHub Actions in one environment, and the limit of every role they make.
#
#   plan.tf      who may plan: any pull request and the main branch; reads
#   apply.tf     who may apply: jobs of the GitHub environment, from the main branch
#   boundary.tf  what a job may do at run time, whatever role an apply gives it
#
# What the roles may do stands in one file per concern, each a pair of lists of statements:
# `plan`, what both need to compare settings with what exists, and `apply`, what changes it.
#
#   state.tf functions.tf roles.tf messaging.tf rules.tf monitoring.tf network.tf guard.tf

data "aws_caller_identity" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
  own     = "batchworks-${var.environment}"

  # Every resource of a system is named <system>-<environment>, alone or with a suffix.
  names = flatten([
    for system in sort(var.systems) : [
      "${system}-${var.environment}", "${system}-${var.environment}-*",
    ]
  ])

  concerns = {
    state      = local.state
    functions  = local.functions
    roles      = local.roles
    messaging  = local.messaging
    rules      = local.rules
    monitoring = local.monitoring
    network    = local.network
    guard      = local.guard
  }
}

# What a plan and an apply need of one policy's things, each statement limited to the stack's names.
#
# One file for each kind of thing a stack may hold, with a pair of lists of statements: `plan`,
# what both need to compare settings with what exists, and `apply`, what changes it.

locals {
  # A name, and the name with a colon and a qualifier. A * stands for colons, too.
  with_qualifiers = flatten([
    for name in var.names : endswith(name, "*") ? [name] : [name, "${name}:*"]
  ])

  kinds = {
    alarms         = local.alarms
    budgets        = local.budgets
    buckets        = local.buckets
    dashboards     = local.dashboards
    domains        = local.domains
    file_systems   = local.file_systems
    functions      = local.functions
    hosts          = local.hosts
    log_groups     = local.log_groups
    profiles       = local.profiles
    queues         = local.queues
    roles          = local.roles
    rules          = local.rules
    services       = local.services
    state_machines = local.state_machines
    tables         = local.tables
    topics         = local.topics
    transfers      = local.transfers
    vpns           = local.vpns
  }

  plan  = flatten([for kind in var.kinds : local.kinds[kind].plan])
  apply = flatten([for kind in var.kinds : local.kinds[kind].apply])

  # A policy has 6,144 characters at most: what is allowed on the same things is said once.
  alike = {
    for statement in concat(local.plan, local.apply) :
    jsonencode([statement.Resource, try(statement.Condition, null)]) => statement...
  }
}

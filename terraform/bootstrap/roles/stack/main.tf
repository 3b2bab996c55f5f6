# What a plan and an apply of one stack need, each statement limited to the stack's own names.
#
# One file for each kind of thing a stack may hold, with a pair of lists of statements: `plan`,
# what both need to compare settings with what exists, and `apply`, what changes it.

locals {
  # A name, and the name with a colon and a qualifier. A * stands for colons, too.
  with_qualifiers = flatten([
    for name in var.names : endswith(name, "*") ? [name] : [name, "${name}:*"]
  ])

  kinds = {
    alarms       = local.alarms
    buckets      = local.buckets
    dashboards   = local.dashboards
    file_systems = local.file_systems
    functions    = local.functions
    hosts        = local.hosts
    log_groups   = local.log_groups
    profiles     = local.profiles
    queues       = local.queues
    roles        = local.roles
    rules        = local.rules
    services     = local.services
    topics       = local.topics
  }

  plan = {
    for policy, kinds in var.policies : policy => concat([for kind in kinds : local.kinds[kind].plan]...)
  }
  apply = {
    for policy, kinds in var.policies : policy => concat([for kind in kinds : local.kinds[kind].apply]...)
  }

  # A policy has 6,144 characters at most: what is allowed on the same things is said once.
  alike = {
    for policy, statements in local.apply : policy => {
      for statement in concat(local.plan[policy], statements) :
      jsonencode([statement.Resource, try(statement.Condition, null)]) => statement...
    }
  }
}

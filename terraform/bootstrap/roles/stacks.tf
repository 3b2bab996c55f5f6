# What each stack holds, by the policy that allows an apply to manage it. AWS attaches 10 policies
# of 6,144 characters to a role: one or two for a stack.

locals {
  needs = {
    sync-batch = {
      sync-batch = ["functions", "roles", "queues", "topics", "rules", "alarms", "log_groups"]
    }
    archive = {
      archive         = ["hosts", "roles", "topics", "alarms"]
      archive-buckets = ["buckets"]
    }
  }

  # sync-batch bears its environment always. The others are named exactly where they are alone.
  suffixes = {
    for system in var.systems :
    system => system == "sync-batch" || var.environment != "prd" ? "-${var.environment}" : ""
  }

  names = {
    for system, suffix in local.suffixes : system => ["${system}${suffix}", "${system}${suffix}-*"]
  }

  # Unique in all of AWS, so they may have to be others: var.buckets has the last word.
  buckets = {
    for system, suffix in local.suffixes : system => try(
      sort(var.buckets[system]),
      ["batchworks-${system}${suffix}", "batchworks-${system}-*${suffix}"],
    )
  }
}

module "stack" {
  source   = "./stack"
  for_each = var.systems

  policies = local.needs[each.key]
  names    = local.names[each.key]
  buckets  = local.buckets[each.key]
  own_tags = local.own_tags
  boundary = aws_iam_policy.boundary.arn
  account  = local.account
  region   = var.region
}

# What each stack holds, by the policy that allows an apply to manage it. AWS attaches 10 policies
# of 6,144 characters to a role: one for a stack, or a few where it has many names or things.

locals {
  needs = {
    sync-batch = {
      sync-batch = ["functions", "roles", "queues", "topics", "rules", "alarms", "log_groups"]
    }
    archive = {
      archive         = ["hosts", "profiles", "roles", "topics", "alarms"]
      archive-buckets = ["buckets"]
    }
    dynamodb-export = {
      dynamodb-export        = ["functions", "log_groups"]
      dynamodb-export-rules  = ["roles", "rules", "queues"]
      dynamodb-export-bucket = ["buckets", "topics", "alarms"]
    }
    efs-autoscaler = {
      efs-autoscaler       = ["functions", "roles", "queues", "topics", "rules", "alarms", "log_groups"]
      efs-autoscaler-files = ["file_systems", "dashboards"]
      efs-autoscaler-tasks = ["services", "profiles"]
    }
  }

  # What the names of a stack begin with, where that isn't its own.
  jobs = {
    dynamodb-export = [
      "batch-export", "dynamodb-export", "export-dynamodb", "export-follow-up", "partition-manager",
    ]
  }

  # sync-batch bears its environment always. The others are named exactly where they are alone.
  suffixes = {
    for system in var.systems :
    system => system == "sync-batch" || var.environment != "prd" ? "-${var.environment}" : ""
  }

  names = {
    for system, suffix in local.suffixes : system => flatten([
      for job in lookup(local.jobs, system, [system]) : ["${job}${suffix}", "${job}${suffix}-*"]
    ])
  }

  # Unique in all of AWS, so they may have to be others: var.buckets has the last word.
  buckets = {
    for system, suffix in local.suffixes : system => try(
      sort(var.buckets[system]),
      local.other_buckets[system],
      ["batchworks-${system}${suffix}", "batchworks-${system}-*${suffix}"],
    )
  }
  other_buckets = {
    for system, suffix in local.suffixes :
    system => ["moderation-craft-data${suffix}"] if system == "dynamodb-export"
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

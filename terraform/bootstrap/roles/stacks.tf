# What each stack holds, by the policy that allows an apply to manage it. AWS attaches 10 policies
# of 6,144 characters to a role: one for a stack, or a few where it has many names or things. Short
# ones are written into the role itself.

locals {
  needs = {
    sync-batch = {
      sync-batch = ["functions", "roles", "queues", "topics", "rules", "alarms", "log_groups"]
    }
    archive = {
      archive = ["hosts", "profiles", "roles", "topics", "alarms"]
    }
    dynamodb-export = {
      dynamodb-export       = ["functions", "log_groups"]
      dynamodb-export-rules = ["roles", "rules", "queues", "topics", "alarms"]
    }
    efs-autoscaler = {
      efs-autoscaler       = ["functions", "roles", "queues", "topics", "rules", "alarms", "log_groups"]
      efs-autoscaler-files = ["file_systems", "dashboards"]
      efs-autoscaler-tasks = ["services", "profiles"]
    }
    nas-sync = {
      nas-sync          = ["functions", "roles", "log_groups"]
      nas-sync-alarms   = ["alarms", "domains"]
      nas-sync-network  = ["vpns", "transfers", "budgets"]
      nas-sync-pipeline = ["state_machines", "tables", "roles", "rules", "queues", "topics", "dashboards"]
    }
  }

  within_role = ["buckets", "nas-sync-alarms"]

  # What the names of a stack begin with, where that isn't its own.
  jobs = {
    dynamodb-export = [
      "batch-export", "dynamodb-export", "export-dynamodb", "export-follow-up", "partition-manager",
    ]
  }

  # Names that share no beginning, by policy; %s is where the environment is named.
  functions = [
    "BatchReconciler%s*", "BatchReporter%s*", "BatchWatcher%s*", "BulkIndexer%s*",
    "DeletedFileArchiver%s*", "FileScanner%s*", "ImageFeatureExtractor%s*", "SlackNotifier%s*",
    "TextExtractor%s*", "VPNManager%s*",
  ]
  patterns = {
    nas-sync         = local.functions
    nas-sync-alarms  = concat(["CIS-*%s*", "cis-filesearch%s"], local.functions)
    nas-sync-network = ["CIS-*%s*"]
    nas-sync-pipeline = [
      "CIS-*%s*", "DataSyncS3Role%s*", "EventBridgeStepFunctionsRole%s*", "file_metadata%s*",
    ]
  }

  # sync-batch bears its environment always. The others are named exactly where they are alone.
  suffixes = {
    for system in var.systems :
    system => system == "sync-batch" || var.environment != "prd" ? "-${var.environment}" : ""
  }

  # Unique in all of AWS, so they may have to be others: var.buckets has the last word.
  buckets = {
    for system in setintersection(var.systems, keys(local.usual_buckets)) : system => try(
      sort(var.buckets[system]),
      [for pattern in local.usual_buckets[system] : format(pattern, local.suffixes[system])],
    )
  }
  bucket_policy = length(local.buckets) == 0 ? {} : {
    buckets = { kinds = ["buckets"], names = [], buckets = flatten(values(local.buckets)) }
  }
  usual_buckets = {
    archive         = ["batchworks-archive%s", "batchworks-archive-*%s"]
    dynamodb-export = ["moderation-craft-data%s"]
    nas-sync        = ["cis-filesearch-archived-files%s", "cis-filesearch-raw-files%s"]
  }

  # The policies of all these stacks: which kinds of things, under which names. Buckets are alike.
  contents = merge(concat([local.bucket_policy], [
    for system, suffix in local.suffixes : {
      for policy, kinds in local.needs[system] : policy => {
        kinds   = kinds
        buckets = lookup(local.buckets, system, [])
        names = try(
          [for pattern in local.patterns[policy] : replace(format(pattern, suffix), "**", "*")],
          flatten([
            for job in lookup(local.jobs, system, [system]) : ["${job}${suffix}", "${job}${suffix}-*"]
          ]),
        )
      }
    }
  ])...)
}

module "stack" {
  source   = "./stack"
  for_each = local.contents

  kinds    = each.value.kinds
  names    = each.value.names
  buckets  = each.value.buckets
  own_tags = local.own_tags
  boundary = aws_iam_policy.boundary.arn
  account  = local.account
  region   = var.region
}

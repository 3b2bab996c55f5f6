locals {
  # Names are exact where they are the only ones of their account, and tell the environment apart
  # elsewhere. Bucket names are unique in all of AWS: var.buckets has the last word.
  suffix = contains(["local", "prd"], var.environment) ? "" : "-${var.environment}"
  name   = "archive${local.suffix}"

  buckets = {
    archive = coalesce(var.buckets.archive, "batchworks-archive${local.suffix}")
    lists   = coalesce(var.buckets.lists, "batchworks-archive-lists${local.suffix}")
  }

  # What lies where in the bucket for lists.
  prefixes = {
    jobs      = "restore-jobs/" # <job>/manifest.csv and <job>/reports/, as scripts/archive/restore says
    dumps     = "dumps/"
    inventory = "inventory/"
    packages  = "packages/"
  }
}

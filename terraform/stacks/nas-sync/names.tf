locals {
  # Names are exact where they are the only ones of their account, and tell the environment apart
  # elsewhere. Bucket names are unique in all of AWS: var.buckets has the last word.
  suffix = contains(["local", "prd"], var.environment) ? "" : "-${var.environment}"

  buckets = {
    raw     = coalesce(var.buckets.raw, "cis-filesearch-raw-files${local.suffix}")
    archive = coalesce(var.buckets.archive, "cis-filesearch-archived-files${local.suffix}")
  }
}

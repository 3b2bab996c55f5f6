locals {
  # What `archive reconcile` counts. That it runs at all, and that dumps come, are the host's alarms.
  alarms = {
    "${local.name}-differences" = {
      description = "Archive list and bucket differ. Read the report of `archive reconcile`."
      metric = {
        namespace  = "batchworks/archive"
        name       = "Differences"
        dimensions = { Bucket = local.buckets.archive }
      }
      until_next = true
    }
  }
}

locals {
  # What a run works with; its manifests and reports stay.
  of_a_run = ["indexed", "problems", "results", "work"]

  # INTELLIGENT_TIERING moves objects by itself, and S3 moves nothing from there to STANDARD_IA.
  # https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
  # Both classes can be read at any time: a full sync and the next extraction need no restore.
  tiers = coalesce(var.transfer.storage_class, "INTELLIGENT_TIERING") == "STANDARD" ? {
    colder = {
      prefix      = "monthly-sync/"
      transitions = { STANDARD_IA = 90, GLACIER_IR = 180 }
    }
  } : {}

  lifecycle = merge(
    local.tiers,
    {
      # Versions that a run replaced or deleted: the last one of a deleted file is archived by the
      # run that misses it, or by a later one if that fails.
      old-versions = { expire_noncurrent_days = 90 }
    },
    { for prefix in local.of_a_run : "old-${prefix}" => { prefix = "${prefix}/", expire_days = 180 } },
  )
}

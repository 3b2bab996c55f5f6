data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  # Names are exact where they are the only ones of their account, and tell the environment apart
  # elsewhere. The bucket's is unique in all of AWS: var.bucket has the last word.
  suffix = contains(["local", "prd"], var.environment) ? "" : "-${var.environment}"
  bucket = coalesce(var.bucket, "moderation-craft-data${local.suffix}")

  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  place     = "${var.region}:${local.account}"

  # The table that `make smoke` makes, exports and deletes again: no daily run looks at it.
  smoke_table = { test-moderation-craft = { mode = "request", read_limit = null } }
  tables      = merge(local.smoke_table, var.tables)
  table_arns = [
    for name in keys(local.tables) : "arn:${local.partition}:dynamodb:${local.place}:table/${name}"
  ]
  bus_arn = "arn:${local.partition}:events:${local.place}:event-bus/default"
  source  = "moderation-craft.data-pipeline"

  # What lies where in the bucket, as lambda/dynamodb_export/keys.py says.
  exported = "${local.bucket}/raw/internal/dynamodb-exports/dt=*"   # as it was exported
  moved    = "${local.bucket}/raw/internal/dynamodb-exports/year=*" # in the partition of its day
  scans    = "${local.bucket}/state/dynamodb-export/scans/*"
  ledgers  = "${local.bucket}/state/dynamodb-export/native/*"
}

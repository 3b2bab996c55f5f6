locals {
  # One table's failure doesn't fail the run of the others: the jobs count it.
  alarms = {
    "dynamodb-export${local.suffix}-tables-failed" = {
      description = "A table was not exported. Read the logs of batch-export and export-follow-up, ERROR."
      metric      = { namespace = "batchworks", name = "TablesFailed", dimensions = local.counted }
    }
    "dynamodb-export${local.suffix}-exports-overdue" = {
      description = "DynamoDB has exported a table for more than 12 hours. Ask AWS what it does."
      metric      = { namespace = "batchworks", name = "ExportsOverdue", dimensions = local.counted }
    }
  }

  counted = { service = "DataPipeline", environment = var.environment }
}

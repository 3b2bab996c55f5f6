locals {
  # One table's failure doesn't fail the run of the others: these jobs count it.
  counted = {
    batch-export-tables-failed = {
      job         = "batch-export"
      metric      = "TablesFailed"
      description = "An export of a table did not begin. Read the log of batch-export, ERROR."
    }
    export-follow-up-tables-failed = {
      job         = "export-follow-up"
      metric      = "TablesFailed"
      description = "An export of a table failed. Read the log of export-follow-up, ERROR."
    }
    export-follow-up-exports-overdue = {
      job         = "export-follow-up"
      metric      = "ExportsOverdue"
      description = "DynamoDB has exported a table for more than 12 hours. Ask AWS why."
    }
  }

  alarms = {
    for name, counted in local.counted : "dynamodb-export${local.suffix}-${name}" => {
      description = counted.description
      metric = {
        namespace  = "batchworks"
        name       = counted.metric
        dimensions = { service = counted.job, environment = var.environment }
      }
    }
  }
}

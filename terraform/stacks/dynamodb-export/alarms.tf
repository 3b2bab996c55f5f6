locals {
  # One table's failure doesn't fail the run of the others: these jobs count it.
  alarms = {
    for job in ["batch-export", "export-follow-up"] : "${job}${local.suffix}-tables-failed" => {
      description = "A table was not exported. Read the log: /aws/lambda/${job}${local.suffix}, ERROR."
      metric = {
        namespace  = "batchworks"
        name       = "TablesFailed"
        dimensions = { service = job, environment = var.environment }
      }
    }
  }
}

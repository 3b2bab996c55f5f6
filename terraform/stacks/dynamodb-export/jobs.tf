locals {
  # Times are UTC: at 18:00 it is 03:00 in Tokyo, when the app has least to do.
  defaults = {
    export-dynamodb = {
      description = "DynamoDB tables into S3, by reading them item by item"
      handler     = "export_table"
      schedules   = ["cron(0 18 * * ? *)"]
      memory_size = 1769 # one whole CPU: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
      timeout     = 900
      events      = local.scan_events
      # A run that takes longer has not handed over to its continuation.
      alarms = { duration_seconds = 880 }
    }
    batch-export = {
      description = "DynamoDB tables into S3, by DynamoDB's own exports"
      handler     = "batch_export"
      schedules   = ["cron(30 18 * * ? *)"]
      memory_size = 512
      timeout     = 300
      events      = {}
      alarms      = { duration_seconds = 240 }
    }
    export-follow-up = {
      description = "Verifies DynamoDB's own exports once they are done, and announces them"
      handler     = "follow_up"
      schedules   = ["rate(15 minutes)"]
      memory_size = 512
      timeout     = 600
      events      = {}
      alarms      = { duration_seconds = 540, no_run_hours = 2 }
    }
    partition-manager = {
      description = "Moves exports to the partitions of their days"
      handler     = "partition"
      schedules   = ["cron(0 21 * * ? *)"] # what an event did not reach
      memory_size = 512
      timeout     = 900
      events      = local.partition_events
      alarms      = { duration_seconds = 840 }
    }
  }

  jobs = {
    for job, default in local.defaults : job => merge(
      default,
      { for name, value in try(var.jobs[job], {}) : name => value if value != null },
    )
  }

  # Environments may share an account, and so the bus.
  ours = { environment = [var.environment] }
  scan_events = {
    requested = { source = local.source, detail_type = "TableExportRequested", detail = local.ours }
    continued = { source = local.source, detail_type = "TableExportContinued", detail = local.ours }
  }
  partition_events = {
    completed = { source = local.source, detail_type = "TableExportCompleted", detail = local.ours }
  }
}

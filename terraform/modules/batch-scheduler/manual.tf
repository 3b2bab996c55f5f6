locals {
  # An event that names a job or an environment starts that one. An event that names none starts
  # the default: one job, in one environment of the account.
  or_missing = [{ exists = false }]

  manual_pattern = {
    source      = ["batch-scheduler"]
    detail-type = ["manual-trigger"]
    detail = {
      job = concat([var.job], var.manual_trigger.default_job ? local.or_missing : [])
      environment = concat(
        [var.environment], var.manual_trigger.default_environment ? local.or_missing : [],
      )
    }
  }
}

resource "aws_cloudwatch_event_rule" "manual" {
  name          = "${var.name}-manual"
  description   = "Starts ${var.name} by hand"
  event_pattern = jsonencode(local.manual_pattern)
  state         = local.state
}

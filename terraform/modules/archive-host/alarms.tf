locals {
  namespace = "batchworks/archive" # the only one that the host may publish in
  recover   = "arn:${local.partition}:automate:${local.region}:ec2:recover"

  alarms = {
    system = {
      description = "AWS's side of ${var.name} failed; EC2 moves the machine by itself."
      namespace   = "AWS/EC2"
      metric      = "StatusCheckFailed_System"
      dimensions  = { InstanceId = aws_instance.this.id }
      statistic   = "Maximum"
      comparison  = "GreaterThanOrEqualToThreshold"
      limit       = 1
      period      = 60
      periods     = 2
      missing     = "missing"
      actions     = [local.recover]
    }
    instance = {
      description = "${var.name} doesn't answer: restart it (README, What can go wrong)."
      namespace   = "AWS/EC2"
      metric      = "StatusCheckFailed_Instance"
      dimensions  = { InstanceId = aws_instance.this.id }
      statistic   = "Maximum"
      comparison  = "GreaterThanOrEqualToThreshold"
      limit       = 1
      period      = 60
      periods     = 5
      missing     = "missing"
      actions     = []
    }
    data-volume = {
      description = "PostgreSQL's volume is over ${var.alarms.data_volume_percent} % full, or the host is silent."
      namespace   = local.namespace
      metric      = "DataVolumeUsedPercent"
      dimensions  = { Host = var.name }
      statistic   = "Maximum"
      comparison  = "GreaterThanThreshold"
      limit       = var.alarms.data_volume_percent
      period      = 3600
      periods     = 3
      missing     = "breaching"
      actions     = []
    }
    # Counted in hours for the reason that batch-scheduler gives: days would be noticed days late.
    no-dump = {
      description = "No dump that could be restored in ${var.alarms.no_dump_hours} hours: journalctl -u archive-dump."
      namespace   = local.namespace
      metric      = "DumpBytes"
      dimensions  = { Host = var.name }
      statistic   = "SampleCount"
      comparison  = "LessThanThreshold"
      limit       = 1
      period      = 3600
      periods     = var.alarms.no_dump_hours
      missing     = "breaching"
      actions     = []
    }
    no-reconcile = {
      description = "List and bucket were not found equal for ${var.alarms.no_reconcile_days} days: journalctl -u archive-reconcile."
      namespace   = local.namespace
      metric      = "DaysSinceReconcile"
      dimensions  = { Host = var.name }
      statistic   = "Minimum"
      comparison  = "GreaterThanOrEqualToThreshold"
      limit       = var.alarms.no_reconcile_days
      period      = 3600
      periods     = 1
      missing     = "notBreaching" # a silent host is the alarm data-volume
      actions     = []
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  comparison_operator = each.value.comparison
  threshold           = each.value.limit
  period              = each.value.period
  evaluation_periods  = each.value.periods
  treat_missing_data  = each.value.missing
  alarm_actions       = concat([var.alarms.topic_arn], each.value.actions)
}

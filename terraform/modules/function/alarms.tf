locals {
  # A queue that isn't this function's alone has its alarm where it is made.
  watched = setsubtract(
    var.alarms.on, var.dead_letter_queue == null ? [] : ["dead-letters"]
  )

  alarms = {
    errors = {
      description = "A run of ${var.name} failed. Read the log: /aws/lambda/${var.name}, ERROR."
      namespace   = "AWS/Lambda"
      metric      = "Errors"
      statistic   = "Sum"
      dimensions  = { FunctionName = var.name }
      limit       = 1
    }
    duration = {
      description = "A run of ${var.name} took ${var.alarms.duration_seconds} s or longer."
      namespace   = "AWS/Lambda"
      metric      = "Duration"
      statistic   = "Maximum"
      dimensions  = { FunctionName = var.name }
      limit       = var.alarms.duration_seconds * 1000
    }
    throttles = {
      description = "Lambda refused to start ${var.name}: no concurrency was left."
      namespace   = "AWS/Lambda"
      metric      = "Throttles"
      statistic   = "Sum"
      dimensions  = { FunctionName = var.name }
      limit       = 1
    }
    dead-letters = {
      description = "An event was given up and waits in ${local.dead_letter_queue_name}."
      namespace   = "AWS/SQS"
      metric      = "ApproximateNumberOfMessagesVisible"
      statistic   = "Maximum"
      dimensions  = { QueueName = local.dead_letter_queue_name }
      limit       = 1
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = { for key, alarm in local.alarms : key => alarm if contains(local.watched, key) }

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = each.value.limit
  period              = 300
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.alarms.topic_arn]
}

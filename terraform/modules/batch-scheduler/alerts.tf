locals {
  alerts_topic_arn = one(concat(var.alerts.topic[*].arn, aws_sns_topic.alerts[*].arn))
}

resource "aws_sns_topic" "alerts" {
  #checkov:skip=CKV_AWS_26:CloudWatch can't publish under the AWS managed key; alarms tell no data
  count = var.alerts.topic == null ? 1 : 0

  name = "${var.name}-alerts"
}

resource "aws_sns_topic_subscription" "email" {
  for_each = var.alerts.emails

  topic_arn = local.alerts_topic_arn
  protocol  = "email"
  endpoint  = each.value
}

# 26 hours leave a daily run two hours to be late. They are counted one by one: an alarm may look
# back further than a day only in periods of an hour or more (seven days at most), and where data
# are missing CloudWatch looks at a few earlier periods too, which delays this alarm by hours where
# periods of a day would delay it by days. Lambda reports nothing for an hour without a run, so a
# missing number has to count as "no run".
resource "aws_cloudwatch_metric_alarm" "no_run" {
  alarm_name          = "${var.name}-no-run"
  alarm_description   = "No run of ${var.name} in ${var.alarms.no_run_hours} hours. Is it off?"
  namespace           = "AWS/Lambda"
  metric_name         = "Invocations"
  dimensions          = { FunctionName = module.function.name }
  statistic           = "Sum"
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  period              = 3600
  evaluation_periods  = var.alarms.no_run_hours
  treat_missing_data  = "breaching"
  actions_enabled     = var.enabled
  alarm_actions       = [local.alerts_topic_arn]
}

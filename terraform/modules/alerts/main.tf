# One topic for a system's alarms, who is told, and alarms on what the system counts itself.

resource "aws_sns_topic" "this" {
  #checkov:skip=CKV_AWS_26:CloudWatch can't publish under the AWS managed key; alarms tell no data
  name = var.name
}

resource "aws_sns_topic_subscription" "email" {
  for_each = var.emails

  topic_arn = aws_sns_topic.this.arn
  protocol  = "email"
  endpoint  = each.value
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = var.alarms

  alarm_name          = each.key
  alarm_description   = each.value.description
  namespace           = each.value.metric.namespace
  metric_name         = each.value.metric.name
  dimensions          = each.value.metric.dimensions
  statistic           = "Sum"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = each.value.at_least
  period              = 300
  evaluation_periods  = 1
  treat_missing_data  = each.value.until_next ? "ignore" : "notBreaching"
  alarm_actions       = [aws_sns_topic.this.arn]
}

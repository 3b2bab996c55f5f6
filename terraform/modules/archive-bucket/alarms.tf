locals {
  errors = {
    server-errors = {
      description = "S3 failed to answer requests to ${var.name}. Is there something on AWS Health?"
      metric      = "5xxErrors"
      limit       = try(var.alarms.server_errors, null)
    }
    client-errors = {
      description = "S3 refused requests to ${var.name}: denied, missing or malformed."
      metric      = "4xxErrors"
      limit       = try(var.alarms.client_errors, null)
    }
  }
  alarms = { for key, alarm in local.errors : key => alarm if alarm.limit != null }
}

# S3 counts requests only where asked to, for the price of custom metrics.
resource "aws_s3_bucket_metric" "this" {
  count = length(local.alarms) > 0 ? 1 : 0

  bucket = aws_s3_bucket.this.id
  name   = "whole-bucket"
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = "AWS/S3"
  metric_name         = each.value.metric
  dimensions          = { BucketName = var.name, FilterId = aws_s3_bucket_metric.this[0].name }
  statistic           = "Sum"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = each.value.limit
  period              = 300
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarms.topic_arns
}

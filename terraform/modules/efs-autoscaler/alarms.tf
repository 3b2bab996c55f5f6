# That a run fails, is late, takes too long or is given up are alarms of the controller's own
# module. Here is what only this system knows.

locals {
  topic_arn = module.controller.alerts_topic_arn
  service   = { ClusterName = aws_ecs_cluster.this.name, ServiceName = aws_ecs_service.this.name }
}

resource "aws_cloudwatch_metric_alarm" "error_rate" {
  alarm_name          = "${var.name}-error-rate"
  alarm_description   = "Over ${var.alarms.error_rate_percent} % of an hour's runs of ${var.name} failed: it doesn't heal by itself."
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarms.error_rate_percent
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [local.topic_arn]

  metric_query {
    id          = "rate"
    label       = "Failed runs, %"
    expression  = "100 * errors / runs"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { errors = "Errors", runs = "Invocations" }

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/Lambda"
        metric_name = metric_query.value
        dimensions  = { FunctionName = module.controller.function.name }
        stat        = "Sum"
        period      = 3600
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "io_limit" {
  count = var.file_system.performance_mode == "generalPurpose" ? 1 : 0 # Max I/O has no such metric

  alarm_name          = "${var.name}-io-limit"
  alarm_description   = "${var.name} is at over ${var.alarms.io_limit_percent} % of General Purpose's operations; mount targets don't help (README)."
  namespace           = "AWS/EFS"
  metric_name         = "PercentIOLimit"
  dimensions          = { FileSystemId = aws_efs_file_system.this.id }
  statistic           = "Average"
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarms.io_limit_percent
  period              = 300
  evaluation_periods  = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = [local.topic_arn]
}

resource "aws_cloudwatch_metric_alarm" "missing_tasks" {
  alarm_name          = "${var.name}-missing-tasks"
  alarm_description   = "Tasks of ${var.name} have not come up for ${var.alarms.missing_tasks_minutes} minutes: look at the service's events."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = ceil(var.alarms.missing_tasks_minutes / 5)
  treat_missing_data  = "notBreaching"
  alarm_actions       = [local.topic_arn]

  metric_query {
    id          = "missing"
    label       = "Tasks that should run and don't"
    expression  = "wanted - FILL(running, 0)"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { wanted = "DesiredTaskCount", running = "RunningTaskCount" }

    content {
      id = metric_query.key

      metric {
        namespace   = "ECS/ContainerInsights"
        metric_name = metric_query.value
        dimensions  = local.service
        stat        = "Minimum"
        period      = 300
      }
    }
  }
}

# ECS counts no failed deployments; it tells of each by an event.
resource "aws_cloudwatch_event_rule" "failed_deployment" {
  name        = "${var.name}-failed-deployment"
  description = "A deployment of the ECS service ${var.name} was given up"

  event_pattern = jsonencode({
    source      = ["aws.ecs"]
    detail-type = ["ECS Deployment State Change"]
    resources   = [aws_ecs_service.this.id]
    detail      = { eventName = ["SERVICE_DEPLOYMENT_FAILED"] }
  })
}

resource "aws_cloudwatch_event_target" "failed_deployment" {
  rule      = aws_cloudwatch_event_rule.failed_deployment.name
  target_id = "alerts"
  arn       = local.topic_arn

  depends_on = [aws_sns_topic_policy.alerts]
}

# The account's alarms publish by SNS's default policy, which a policy of ours replaces.
resource "aws_sns_topic_policy" "alerts" {
  arn = local.topic_arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AlarmsOfTheAccount"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = local.topic_arn
        Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
      },
      {
        Sid       = "FailedDeployments"
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = local.topic_arn
        Condition = {
          ArnEquals = { "aws:SourceArn" = aws_cloudwatch_event_rule.failed_deployment.arn }
        }
      },
    ]
  })
}

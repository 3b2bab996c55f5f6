# That a function fails, or that Lambda refused to start it, are alarms of module function.

locals {
  alarm_name = "CIS-BatchSync"

  own_metrics  = { service = "nas-sync", environment = var.environment }
  log_metrics  = "CIS-BatchSync${var.suffix}"
  of_pipeline  = { StateMachineArn = local.state_machine_arn }
  of_watch     = "Look at the function BatchWatcher${var.suffix}."
  of_execution = "What failed is in the mail, in the execution's history, and in the manual."

  alarms = merge(
    {
      failed = {
        description = "A run failed. ${local.of_execution}"
        namespace   = "AWS/States"
        metric      = "ExecutionsFailed"
        dimensions  = local.of_pipeline
      }
      timed-out = {
        description = "A run was ended after ${var.pacing.run_timeout_seconds} s, and nothing cleaned up: take the VPN down."
        namespace   = "AWS/States"
        metric      = "ExecutionsTimedOut"
        dimensions  = local.of_pipeline
      }
      aborted = {
        description = "A run was stopped by hand, and nothing cleaned up: take the VPN down."
        namespace   = "AWS/States"
        metric      = "ExecutionsAborted"
        dimensions  = local.of_pipeline
      }
      dead-letters = {
        description = "A start or a notification was given up and waits in ${aws_sqs_queue.dead_letters.name}."
        namespace   = "AWS/SQS"
        metric      = "ApproximateNumberOfMessagesVisible"
        statistic   = "Maximum"
        dimensions  = { QueueName = aws_sqs_queue.dead_letters.name }
      }
      # CloudWatch looks back a week at most, so BatchWatcher counts the days.
      no-success = {
        description = "No run has succeeded for over ${var.alarms.no_success_days} days. ${local.of_watch}"
        namespace   = "batchworks"
        metric      = "DaysSinceSuccess"
        statistic   = "Maximum"
        dimensions  = local.own_metrics
        limit       = var.alarms.no_success_days + 1
        period      = 10800
        missing     = "breaching" # BatchWatcher itself has stopped
      }
    },
    {
      for key, log in local.logs_watched : key => {
        description = log.description
        namespace   = local.log_metrics
        metric      = log.metric
        dimensions  = {}
      }
    },
    {
      for vpn in local.on_demand : "idle-vpn" => {
        description = "A VPN connection has existed for ${var.alarms.idle_vpn_hours} hours while nothing runs: it is billed. ${local.of_watch}"
        namespace   = "batchworks"
        metric      = "IdleVpnConnections"
        statistic   = "Maximum"
        dimensions  = local.own_metrics
        period      = 3600
        periods     = var.alarms.idle_vpn_hours
      }
    },
  )

  # What functions log, as they log it.
  logs_watched = {
    function-timeout = {
      description = "Lambda ended a function that took too long: raise its time-out or memory."
      metric      = "FunctionTimeouts"
      pattern     = "\"Task timed out\""
      functions   = local.names
    }
    search-timeout = {
      description = "OpenSearch gave no answer in time, or was overloaded: look at the domain."
      metric      = "SearchUnavailable"
      pattern     = "SearchUnavailable"
      functions   = local.searchers
    }
    out-of-memory = {
      description = "A file took more memory than extraction has; it is among the run's failed files."
      metric      = "OutOfMemory"
      pattern     = "?out_of_memory ?\"Runtime.OutOfMemory\" ?\"signal: killed\""
      functions   = ["ImageFeatureExtractor", "TextExtractor"]
    }
  }

  log_filters = merge([
    for key, log in local.logs_watched : {
      for function in log.functions : "${key}-${function}" => merge(log, { function = function })
    }
  ]...)
}

resource "aws_cloudwatch_log_metric_filter" "this" {
  for_each = local.log_filters

  name           = "${local.alarm_name}-${each.key}${var.suffix}"
  log_group_name = module.function[each.value.function].log_group_name
  pattern        = each.value.pattern

  metric_transformation {
    name      = each.value.metric
    namespace = local.log_metrics
    value     = "1"
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${local.alarm_name}-${each.key}${var.suffix}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = try(each.value.statistic, "Sum")
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = try(each.value.limit, 1)
  period              = try(each.value.period, 300)
  evaluation_periods  = try(each.value.periods, 1)
  treat_missing_data  = try(each.value.missing, "notBreaching")
  actions_enabled     = var.enabled || each.key != "no-success"
  alarm_actions       = [aws_sns_topic.this.arn]
  tags                = local.tags
}

resource "aws_cloudwatch_event_rule" "watch" {
  name                = "${local.name}-Watch"
  description         = "Lets BatchWatcher look for runs that are missing and connections left over"
  schedule_expression = "rate(1 hour)"
  tags                = local.tags
}

resource "aws_cloudwatch_event_target" "watch" {
  rule      = aws_cloudwatch_event_rule.watch.name
  target_id = "watcher"
  arn       = module.function["BatchWatcher"].alias.arn
  input     = jsonencode({})

  dead_letter_config {
    arn = aws_sqs_queue.dead_letters.arn
  }
}

resource "aws_lambda_permission" "watch" {
  statement_id  = "watch"
  action        = "lambda:InvokeFunction"
  function_name = module.function["BatchWatcher"].name
  qualifier     = module.function["BatchWatcher"].alias.name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.watch.arn
}

resource "aws_budgets_budget" "this" {
  count = var.budget == null ? 0 : 1

  name         = "CIS-FileSearch${var.suffix}"
  budget_type  = "COST"
  limit_amount = tostring(var.budget.limit_usd)
  limit_unit   = "USD"
  time_unit    = "MONTHLY"
  tags         = local.tags

  cost_filter {
    name   = "TagKeyValue"
    values = [join("$", ["user:Application", local.tags.Application])]
  }

  dynamic "notification" {
    for_each = { ACTUAL = 80, FORECASTED = 100 }

    content {
      notification_type         = notification.key
      threshold                 = notification.value
      threshold_type            = "PERCENTAGE"
      comparison_operator       = "GREATER_THAN"
      subscriber_sns_topic_arns = [aws_sns_topic.this.arn]
    }
  }

  depends_on = [aws_sns_topic_policy.this]
}

mock_provider "aws" {
  source = "../../mocks"
}

run "given_only_what_it_needs" {
  assert {
    condition     = output.function.name == "report-prd"
    error_message = "The function has the job's name."
  }

  assert {
    condition = (
      output.schedule_rule_names == ["report-prd-schedule"] &&
      aws_cloudwatch_event_rule.schedule["schedule"].schedule_expression == "cron(0 15 * * ? *)"
    )
    error_message = "Operators stop the job by disabling <name>-schedule."
  }

  assert {
    condition     = alltrue([for rule in local.rules : rule.state == "ENABLED"])
    error_message = "A job is on unless told otherwise."
  }

  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.manual.event_pattern) == {
      source      = ["batch-scheduler"]
      detail-type = ["manual-trigger"]
      detail      = { job = ["report"], environment = ["prd"] }
    }
    error_message = "A job that is no default starts for events that name it and its environment."
  }

  assert {
    condition = alltrue([
      for key, target in aws_cloudwatch_event_target.function :
      target.rule == local.rules[key].name &&
      target.arn == output.function.alias_arn &&
      target.dead_letter_config[0].arn == output.dead_letter_queue.arn
    ])
    error_message = "Every rule calls the alias, and keeps what it can't deliver."
  }

  assert {
    condition = alltrue([
      for key, permission in aws_lambda_permission.rule :
      permission.principal == "events.amazonaws.com" &&
      permission.source_arn == local.rules[key].arn &&
      permission.qualifier == "live"
    ])
    error_message = "Every rule may call the alias, and nothing but the rules."
  }

  assert {
    condition     = keys(aws_lambda_permission.rule) == ["manual", "schedule"]
    error_message = "There is a permission for each rule."
  }

  assert {
    condition     = length(aws_security_group.function) == 0 && output.security_group_id == null
    error_message = "A job is in no VPC unless given one."
  }
}

run "a_day_without_a_run_is_an_alarm" {
  assert {
    condition = (
      aws_cloudwatch_metric_alarm.no_run.alarm_name == "report-prd-no-run" &&
      aws_cloudwatch_metric_alarm.no_run.metric_name == "Invocations" &&
      aws_cloudwatch_metric_alarm.no_run.statistic == "Sum" &&
      aws_cloudwatch_metric_alarm.no_run.dimensions == tomap({ FunctionName = "report-prd" })
    )
    error_message = "The alarm counts the runs of this function."
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.no_run.comparison_operator == "LessThanThreshold" &&
      aws_cloudwatch_metric_alarm.no_run.threshold == 1 &&
      aws_cloudwatch_metric_alarm.no_run.period == 3600 &&
      aws_cloudwatch_metric_alarm.no_run.evaluation_periods == 26
    )
    error_message = "26 hours with fewer than one run each are an alarm."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.no_run.treat_missing_data == "breaching"
    error_message = "Lambda reports nothing for an hour without a run: that counts as none."
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.no_run.actions_enabled &&
      aws_cloudwatch_metric_alarm.no_run.alarm_actions == toset([output.alerts_topic_arn])
    )
    error_message = "The alarm goes to the job's topic."
  }
}

run "with_more_schedules_and_readers" {
  variables {
    schedules = ["cron(0 15 * * ? *)", "cron(0 3 * * ? *)", "rate(6 hours)"]
    alerts    = { emails = ["one@example.com", "two@example.com"] }
  }

  assert {
    condition = output.schedule_rule_names == [
      "report-prd-schedule", "report-prd-schedule-2", "report-prd-schedule-3",
    ]
    error_message = "The second rule's name ends in -2, the third's in -3."
  }

  assert {
    condition = tolist([
      for key in local.schedule_keys : aws_cloudwatch_event_rule.schedule[key].schedule_expression
    ]) == var.schedules
    error_message = "Each rule has its own schedule."
  }

  assert {
    condition     = length(aws_cloudwatch_event_target.function) == 4
    error_message = "Three schedules and the manual rule call the function."
  }

  assert {
    condition = aws_sns_topic.alerts[0].name == "report-prd-alerts" && toset([
      for subscription in aws_sns_topic_subscription.email :
      subscription.endpoint if subscription.protocol == "email"
    ]) == toset(["one@example.com", "two@example.com"])
    error_message = "Everyone who is to be told is subscribed to <name>-alerts."
  }
}

run "jobs_that_share_a_topic" {
  variables {
    alerts = { topic = { arn = "arn:aws:sns:ap-northeast-1:123456789012:reports-alerts" } }
  }

  assert {
    condition     = length(aws_sns_topic.alerts) == 0
    error_message = "No topic is made beside the one that was given."
  }

  assert {
    condition = (
      output.alerts_topic_arn == var.alerts.topic.arn &&
      aws_cloudwatch_metric_alarm.no_run.alarm_actions == toset([var.alerts.topic.arn])
    )
    error_message = "All alarms go to the topic that was given."
  }
}

run "the_default_job_of_the_default_environment" {
  variables {
    manual_trigger = { default_job = true, default_environment = true }
  }

  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.manual.event_pattern).detail == {
      job         = ["report", { exists = false }]
      environment = ["prd", { exists = false }]
    }
    error_message = "It starts for a bare event, too, but not for one that names something else."
  }
}

run "the_default_job_of_another_environment" {
  variables {
    environment    = "dev"
    manual_trigger = { default_job = true }
  }

  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.manual.event_pattern).detail == {
      job         = ["report", { exists = false }]
      environment = ["dev"]
    }
    error_message = "It starts for events that name the environment: a bare one starts one run."
  }
}

run "disabled" {
  variables {
    enabled  = false
    function = { code = { zip = "versions.tf", handler = "report.run" }, reserved_concurrency = 2 }
  }

  assert {
    condition     = alltrue([for rule in local.rules : rule.state == "DISABLED"])
    error_message = "No rule starts a disabled job, the manual one neither."
  }

  assert {
    condition     = output.function.reserved_concurrency == 0
    error_message = "Nobody starts a disabled job, whatever concurrency it was given."
  }

  assert {
    condition     = !aws_cloudwatch_metric_alarm.no_run.actions_enabled
    error_message = "A disabled job that doesn't run is no news."
  }
}

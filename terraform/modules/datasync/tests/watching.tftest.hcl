mock_provider "aws" {
  source = "../../mocks"
}

run "what_wakes_a_person" {
  assert {
    condition = [for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_name] == [
      "CIS-BatchSync-aborted", "CIS-BatchSync-dead-letters", "CIS-BatchSync-failed",
      "CIS-BatchSync-function-timeout", "CIS-BatchSync-no-success", "CIS-BatchSync-out-of-memory",
      "CIS-BatchSync-search-timeout", "CIS-BatchSync-timed-out",
    ]
    error_message = "Runs that fail, end or never come, time-outs, memory and dead letters are alarms."
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.this["no-success"].threshold == 33 &&
      aws_cloudwatch_metric_alarm.this["no-success"].treat_missing_data == "breaching" &&
      aws_cloudwatch_event_rule.watch.schedule_expression == "rate(1 hour)"
    )
    error_message = "33 whole days without success are an alarm, and so is a watcher that stopped."
  }

  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_actions == toset([output.topic_arn])
    ])
    error_message = "All of them go to the topic."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_sns_topic_policy.this.policy).Statement :
      statement.Principal.Service
    ] == ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"]
    error_message = "Alarms and the budget may tell, besides the account's own roles."
  }

  assert {
    condition = (
      aws_budgets_budget.this[0].limit_amount == "50" &&
      one(aws_budgets_budget.this[0].cost_filter).values == tolist(["user:Application$CIS-FileSearch"])
    )
    error_message = "The budget counts what carries the system's tag."
  }
}

run "what_is_kept_of_what_failed" {
  assert {
    condition = (
      aws_sqs_queue.dead_letters.message_retention_seconds == 1209600 &&
      aws_sqs_queue.dead_letters.visibility_timeout_seconds == 300 &&
      aws_sqs_queue.dead_letters.sqs_managed_sse_enabled
    )
    error_message = "The queue keeps for 14 days, encrypted."
  }

  assert {
    condition = {
      for statement in jsondecode(aws_sqs_queue_policy.dead_letters.policy).Statement :
      statement.Principal.Service => statement.Condition.ArnEquals["aws:SourceArn"]
      } == {
      "events.amazonaws.com" = [
        aws_cloudwatch_event_rule.monthly.arn, aws_cloudwatch_event_rule.watch.arn,
      ]
      "sns.amazonaws.com" = [aws_sns_topic.this.arn]
    }
    error_message = "Only the system's own rules and topic put something there."
  }
}

run "slack_is_told_by_the_topic" {
  assert {
    condition = (
      aws_sns_topic_subscription.slack[0].endpoint == module.function["SlackNotifier"].alias.arn &&
      jsondecode(aws_sns_topic_subscription.slack[0].redrive_policy).deadLetterTargetArn ==
      aws_sqs_queue.dead_letters.arn
    )
    error_message = "What Slack did not take is kept."
  }

  assert {
    condition     = keys(aws_sns_topic_subscription.email) == ["it@example.com"]
    error_message = "Mail goes to whom was named."
  }
}

run "neither_slack_nor_budget" {
  variables {
    alerts = {}
    budget = null
  }

  assert {
    condition = (
      !contains(keys(output.functions), "SlackNotifier") &&
      length(aws_sns_topic_subscription.slack) == 0 && length(aws_budgets_budget.this) == 0
    )
    error_message = "Both are a choice."
  }
}

run "everything_to_watch_is_on_one_page" {
  assert {
    condition = length(setsubtract(
      [
        "ExecutionsSucceeded", "ExecutionsFailed", "BytesTransferred", "Duration", "Errors",
        "DaysSinceSuccess",
      ],
      flatten([
        for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets :
        [for metric in widget.properties.metrics : metric[1]]
      ]),
    )) == 0
    error_message = "Runs, bytes and functions have their graphs."
  }
}

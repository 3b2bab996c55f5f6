mock_provider "aws" {
  source = "../../mocks"
}

variables {
  name = "report-alerts"
}

run "a_topic_that_nobody_reads_yet" {
  assert {
    condition = (
      aws_sns_topic.this.name == "report-alerts" &&
      length(aws_sns_topic_subscription.email) == 0 &&
      output.alarm_names == []
    )
    error_message = "The topic is there before its readers are known."
  }
}

run "alarms_on_what_a_system_counts" {
  variables {
    emails = ["batch@example.com"]
    alarms = {
      report-differences = {
        description = "Report and ledger differ."
        metric      = { namespace = "example/report", name = "Differences" }
        until_next  = true
      }
      report-late = {
        description = "Rows came late."
        metric      = { namespace = "example/report", name = "Late", dimensions = { Of = "main" } }
        at_least    = 10
      }
    }
  }

  assert {
    condition = {
      for name, alarm in aws_cloudwatch_metric_alarm.this :
      alarm.alarm_name => join(" ", [
        alarm.namespace, "${alarm.statistic}(${alarm.metric_name})", alarm.comparison_operator,
        alarm.threshold, alarm.treat_missing_data,
      ])
      } == {
      report-differences = "example/report Sum(Differences) GreaterThanOrEqualToThreshold 1 ignore"
      report-late        = "example/report Sum(Late) GreaterThanOrEqualToThreshold 10 notBreaching"
    }
    error_message = "One is an alarm until the next number, ten are one for these minutes."
  }

  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.this :
      alarm.alarm_actions == toset([aws_sns_topic.this.arn])
    ])
    error_message = "Alarms go to the topic."
  }

  assert {
    condition = [
      for subscription in aws_sns_topic_subscription.email :
      "${subscription.protocol} ${subscription.endpoint}"
    ] == ["email batch@example.com"]
    error_message = "Who is named is told by mail."
  }
}

run "no_name_no_address_and_what_aws_counts" {
  command = plan

  variables {
    name   = "the alerts"
    emails = ["batch"]
    alarms = {
      report-errors = {
        description = "A run failed."
        metric      = { namespace = "AWS/Lambda", name = "Errors" }
      }
    }
  }

  expect_failures = [var.name, var.emails, var.alarms]
}

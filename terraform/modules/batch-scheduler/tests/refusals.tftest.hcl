# What the module refuses, before anything is made. A run names every variable it gets wrong, and
# fails when one of them is accepted.

mock_provider "aws" {
  source = "../../mocks"
}

run "empty_values" {
  command = plan

  variables {
    name        = ""
    job         = " "
    environment = ""
    schedules   = []
    network     = { vpc_id = "vpc-1", private_subnet_ids = [] }
    alerts      = { emails = ["nobody"] }
    alarms      = { no_run_hours = 169 }
  }

  expect_failures = [
    var.name, var.job, var.environment, var.schedules, var.network, var.alerts, var.alarms,
  ]
}

run "the_same_schedule_twice" {
  command = plan

  variables {
    schedules = ["cron(0 15 * * ? *)", "cron(0 15 * * ? *)"]
  }

  expect_failures = [var.schedules]
}

run "cron_as_on_linux" {
  command = plan

  variables {
    schedules = ["cron(0 15 * * *)"]
  }

  expect_failures = [var.schedules]
}

run "cron_with_both_days" {
  command = plan

  variables {
    schedules = ["cron(0 15 * * * *)"]
  }

  expect_failures = [var.schedules]
}

run "a_rate_of_1_days" {
  command = plan

  variables {
    schedules = ["rate(1 days)"]
  }

  expect_failures = [var.schedules]
}

run "an_event_s_rule_with_a_name_of_the_module_s" {
  command = plan

  variables {
    events = { manual = { source = "example.exports", detail_type = "ExportCompleted" } }
  }

  expect_failures = [var.events]
}

run "an_event_from_nobody" {
  command = plan

  variables {
    events = { completed = { source = "", detail_type = "ExportCompleted" } }
  }

  expect_failures = [var.events]
}

run "an_event_whose_field_has_no_value" {
  command = plan

  variables {
    events = {
      completed = {
        source      = "example.exports"
        detail_type = "ExportCompleted"
        detail      = { environment = [] }
      }
    }
  }

  expect_failures = [var.events]
}

run "readers_of_a_topic_that_is_made_elsewhere" {
  command = plan

  variables {
    alerts = {
      emails = ["batch@example.com"]
      topic  = { arn = "arn:aws:sns:ap-northeast-1:123456789012:reports-alerts" }
    }
  }

  expect_failures = [var.alerts]
}

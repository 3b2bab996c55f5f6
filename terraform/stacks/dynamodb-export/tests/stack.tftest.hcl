mock_provider "aws" {
  source = "../../mocks"
}

variables {
  environment          = "prd"
  build                = "tests/build"
  network              = { vpc_id = "vpc-1", private_subnet_ids = ["subnet-1"] }
  permissions_boundary = "arn:aws:iam::123456789012:policy/batchworks-prd-boundary"
}

run "names_that_operators_know" {
  assert {
    condition     = output.bucket == "moderation-craft-data"
    error_message = "Production's bucket bears no suffix."
  }

  assert {
    condition = { for job, made in output.jobs : job => made.function_name } == {
      for job in ["batch-export", "export-dynamodb", "export-follow-up", "partition-manager"] :
      job => job
    }
    error_message = "Production's functions bear the names of their jobs."
  }

  assert {
    condition = (
      output.jobs["export-dynamodb"].log_group_name == "/aws/lambda/export-dynamodb" &&
      output.jobs["export-dynamodb"].manual_rule_name == "export-dynamodb-manual" &&
      output.jobs["export-dynamodb"].schedule_rule_names == ["export-dynamodb-schedule"]
    )
    error_message = "Log group and rules are found under the function's name."
  }

  assert {
    condition = output.jobs["export-dynamodb"].event_rule_names == {
      continued = "export-dynamodb-on-continued"
      requested = "export-dynamodb-on-requested"
    }
    error_message = "A scan is started by requests and goes on by continuations."
  }

  assert {
    condition = output.jobs["partition-manager"].event_rule_names == {
      completed = "partition-manager-on-completed"
    }
    error_message = "Partitioning begins when an export is complete."
  }

  assert {
    condition = module.alerts.alarm_names == [
      "dynamodb-export-batch-export-tables-failed",
      "dynamodb-export-export-follow-up-exports-overdue",
      "dynamodb-export-export-follow-up-tables-failed",
    ]
    error_message = "A failed table and an export that takes too long are alarms."
  }
}

run "names_tell_the_environment_elsewhere" {
  variables {
    environment = "dev"
  }

  assert {
    condition     = output.bucket == "moderation-craft-data-dev"
    error_message = "Buckets of other environments end in it."
  }

  assert {
    condition = alltrue([
      for job, made in output.jobs : made.function_name == "${job}-dev"
    ])
    error_message = "So do functions."
  }

  assert {
    condition = alltrue([
      for event in concat(values(local.scan_events), values(local.partition_events)) :
      event.detail.environment == ["dev"]
    ])
    error_message = "No event of another environment of the account starts a job."
  }
}

run "the_bucket_s_name_can_be_chosen" {
  variables {
    bucket = "example-moderation-craft"
  }

  assert {
    condition = (
      output.bucket == "example-moderation-craft" &&
      local.settings.BUCKET_NAME == "example-moderation-craft" &&
      local.access["batch-export"].write_objects[0] ==
      "example-moderation-craft/raw/internal/dynamodb-exports/dt=*"
    )
    error_message = "What it is called is what the jobs are told and what they may write to."
  }
}

run "days_grow_cold_and_replaced_versions_go" {
  assert {
    condition = local.lifecycle_rules == {
      exports = {
        prefix      = "raw/"
        transitions = { STANDARD_IA = 30, GLACIER = 90 }
      }
      replaced-versions = { expire_noncurrent_days = 7 }
      abandoned-scans = {
        prefix      = "state/dynamodb-export/scans/"
        expire_days = 7
      }
    }
    error_message = "Exports go to IA after 30 days and to Glacier after 90; old versions, and what scans that nobody continued have left, after 7."
  }
}

run "times_in_utc" {
  assert {
    condition = { for job, default in local.jobs : job => default.schedules } == {
      batch-export      = ["cron(30 18 * * ? *)"]
      export-dynamodb   = ["cron(0 18 * * ? *)"]
      export-follow-up  = ["rate(15 minutes)"]
      partition-manager = ["cron(0 21 * * ? *)"]
    }
    error_message = "Exports begin at 03:00 in Tokyo and are followed every 15 minutes."
  }
}

run "a_job_with_a_size_of_its_own" {
  variables {
    jobs = { export-dynamodb = { memory_size = 3008, schedules = ["rate(12 hours)"] } }
  }

  assert {
    condition = (
      local.jobs["export-dynamodb"].memory_size == 3008 &&
      local.jobs["export-dynamodb"].schedules == tolist(["rate(12 hours)"]) &&
      local.jobs["export-dynamodb"].timeout == 900 &&
      local.jobs["batch-export"].memory_size == 512
    )
    error_message = "What is not said stays as it is by default."
  }
}

run "settings_of_the_functions" {
  variables {
    tables = {
      moderation-craft-prod  = { mode = "scan", read_limit = { percent = 50 } }
      moderation-craft-tasks = { mode = "incremental" }
    }
    export = { format = "lines", gzip = true }
  }

  assert {
    condition = local.settings == {
      ENVIRONMENT    = "prd"
      TABLE_NAME     = "moderation-craft-prod"
      BUCKET_NAME    = "moderation-craft-data"
      AWS_ACCOUNT_ID = "123456789012"
      TABLES = jsonencode({
        moderation-craft-prod  = { mode = "scan", read_limit = { percent = 50 } }
        moderation-craft-tasks = { mode = "incremental" }
        test-moderation-craft  = { mode = "request" }
      })
      EXPORT_FORMAT   = "lines"
      EXPORT_GZIP     = "true"
      EXPORT_SEGMENTS = "4"
      DEBUG           = "false"
    }
    error_message = "The functions are told which tables, where to and how; none is left out."
  }
}

run "what_the_jobs_may_do" {
  variables {
    tables = { moderation-craft-prod = { mode = "scan" } }
  }

  assert {
    condition = {
      for job, access in local.access : job => join(" ", sort(flatten([
        for statement in values(access.statements) : statement.actions
      ])))
      } == {
      export-dynamodb = join(" ", [
        "dynamodb:DescribeTable", "dynamodb:Scan", "events:PutEvents",
        "s3:AbortMultipartUpload", "s3:AbortMultipartUpload", "s3:DeleteObject",
      ])
      batch-export = join(" ", [
        "dynamodb:DescribeContinuousBackups", "dynamodb:DescribeExport",
        "dynamodb:ExportTableToPointInTime", "dynamodb:ListExports", "events:PutEvents",
        "s3:AbortMultipartUpload", "s3:PutObjectAcl",
      ])
      export-follow-up  = "dynamodb:DescribeExport events:PutEvents"
      partition-manager = "s3:AbortMultipartUpload s3:DeleteObject"
    }
    error_message = "Each job may do what it does, and none may read a stream."
  }

  assert {
    condition = [
      for statement in flatten([for access in local.access : values(access.statements)]) :
      statement.actions if contains(statement.resources, "*")
    ] == [["dynamodb:ListExports"]]
    error_message = "Nothing that has a name is granted as *."
  }

  assert {
    condition = alltrue([
      for access in local.access : alltrue([
        for key in concat(access.read_objects, access.write_objects) :
        startswith(key, "moderation-craft-data/raw/internal/dynamodb-exports/") ||
        startswith(key, "moderation-craft-data/state/dynamodb-export/")
      ])
    ])
    error_message = "They read and write what they made, and nothing else in the bucket."
  }

  assert {
    condition = local.announce == {
      actions   = ["events:PutEvents"]
      resources = ["arn:aws:events:ap-northeast-1:123456789012:event-bus/default"]
      condition = { StringEquals = { "events:source" = ["moderation-craft.data-pipeline"] } }
    }
    error_message = "They speak in their own name only."
  }

  assert {
    condition = local.table_arns == [
      "arn:aws:dynamodb:ap-northeast-1:123456789012:table/moderation-craft-prod",
      "arn:aws:dynamodb:ap-northeast-1:123456789012:table/test-moderation-craft",
    ]
    error_message = "They know the tables that are configured, and that of `make smoke`."
  }
}

run "what_it_refuses" {
  command = plan

  variables {
    environment   = "Production"
    tables        = { "arn:aws:dynamodb:tasks" = { mode = "daily" } }
    export        = { format = "csv", segments = 0 }
    jobs          = { export = { timeout = 60 } }
    force_destroy = false
  }

  expect_failures = [var.environment, var.tables, var.export, var.jobs]
}

run "a_default_that_is_none_of_the_tables" {
  command = plan

  variables {
    table_name = "moderation-craft-invoices"
  }

  expect_failures = [var.table_name]
}

run "two_limits_for_one_table" {
  command = plan

  variables {
    tables = {
      moderation-craft-prod = { mode = "scan", read_limit = { percent = 50, items_per_second = 9 } }
    }
  }

  expect_failures = [var.tables]
}

run "more_than_all_of_the_capacity" {
  command = plan

  variables {
    tables = { moderation-craft-prod = { mode = "scan", read_limit = { percent = 120 } } }
  }

  expect_failures = [var.tables]
}

run "half_an_item_a_second" {
  command = plan

  variables {
    tables = { moderation-craft-prod = { mode = "scan", read_limit = { items_per_second = 0.5 } } }
  }

  expect_failures = [var.tables]
}

run "more_tables_than_settings_hold" {
  command = plan

  variables {
    tables = merge(
      { moderation-craft-prod = { mode = "scan" } },
      { for number in range(200) : "moderation-craft-${number}" => { mode = "native" } },
    )
  }

  expect_failures = [var.tables]
}

run "production_is_not_destroyed_with_its_days" {
  command = plan

  variables {
    force_destroy = true
  }

  expect_failures = [var.force_destroy]
}

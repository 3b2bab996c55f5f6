# What the module refuses, before anything is made. A run names every variable it gets wrong, and
# fails when one of them is accepted.

mock_provider "aws" {
  source = "../../mocks"
}

run "what_s3_does_not_offer" {
  command = plan

  variables {
    name                   = "Example.Archive"
    kms_key_arn            = "alias/archive"
    unfinished_upload_days = 0
    lifecycle_rules        = { cold = { transitions = { FREEZER = 30 } } }
    object_lock            = { mode = "FOREVER", days = 1 }
    inventory              = { bucket = "example-lists", frequency = "Hourly" }
    batch_restores         = { role_name = "r", manifests = "example-lists/*", reports = "x/y/*" }
    alarms                 = { topic_arns = ["arn:aws:sns:ap-northeast-1:123456789012:alerts"] }
  }

  expect_failures = [
    var.name, var.kms_key_arn, var.unfinished_upload_days, var.lifecycle_rules, var.object_lock,
    var.inventory, var.batch_restores, var.alarms,
  ]
}

run "a_rule_that_does_nothing" {
  command = plan

  variables {
    lifecycle_rules = { nothing = { prefix = "tmp/" } }
  }

  expect_failures = [var.lifecycle_rules]
}

run "infrequent_access_too_early" {
  command = plan

  variables {
    lifecycle_rules = { early = { transitions = { STANDARD_IA = 7 } } }
  }

  expect_failures = [var.lifecycle_rules]
}

run "objects_gone_before_they_move" {
  command = plan

  variables {
    lifecycle_rules = { late = { transitions = { GLACIER = 90 }, expire_days = 30 } }
  }

  expect_failures = [var.lifecycle_rules]
}

run "a_lock_that_can_be_destroyed" {
  command = plan

  variables {
    force_destroy = true
    object_lock   = { mode = "COMPLIANCE", days = 1 }
  }

  expect_failures = [var.object_lock]
}

run "a_log_of_itself_and_an_alarm_of_no_errors" {
  command = plan

  variables {
    access_log = { bucket = "example-archive" }
    inventory  = { bucket = "example-lists", prefix = "/inventory/" }
    files      = { "/packages/" = "versions.tf" }
    alarms = {
      topic_arns    = ["arn:aws:sns:ap-northeast-1:123456789012:alerts"]
      client_errors = 0
    }
  }

  expect_failures = [var.access_log, var.inventory, var.files, var.alarms]
}

# What the module refuses, before anything is made. A run names every variable it gets wrong, and
# fails when one of them is accepted.

mock_provider "aws" {
  source = "../../mocks"
}

run "what_aws_does_not_offer" {
  command = plan

  variables {
    name                 = "the report"
    code                 = { zip = "versions.tf", handler = "report.run", architecture = "aarch64" }
    layers               = { for key in ["a", "b", "c", "d", "e", "f"] : key => "main.tf" }
    memory_size          = 2
    timeout              = 3600
    reserved_concurrency = -1
    async                = { retries = 3 }
    log_retention_days   = 10
  }

  expect_failures = [
    var.name,
    var.code,
    var.layers,
    var.memory_size,
    var.timeout,
    var.reserved_concurrency,
    var.async,
    var.log_retention_days,
  ]
}

run "a_file_for_a_handler_every_secret_a_day_of_retries" {
  command = plan

  variables {
    code    = { zip = "versions.tf", handler = "report/handlers" }
    access  = { secrets = ["arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:*"] }
    network = { subnet_ids = [], security_group_ids = ["sg-1"] }
    async   = { max_age_seconds = 86400 }
    alarms  = { topic_arn = "arn:aws:sns:ap-northeast-1:123456789012:alerts", duration_seconds = 0 }
  }

  expect_failures = [var.code, var.access, var.network, var.async, var.alarms]
}

run "a_secret_by_its_name" {
  command = plan

  variables {
    access = { secrets = ["db"] }
  }

  expect_failures = [var.access]
}

run "a_whole_bucket" {
  command = plan

  variables {
    access = { write_objects = ["data/*"] }
  }

  expect_failures = [var.access]
}

run "an_s3_uri" {
  command = plan

  variables {
    access = { read_objects = ["s3://data/raw.csv"] }
  }

  expect_failures = [var.access]
}

run "a_boundary_by_name" {
  command = plan

  variables {
    access = { boundary = "batchworks-dev-boundary" }
  }

  expect_failures = [var.access]
}

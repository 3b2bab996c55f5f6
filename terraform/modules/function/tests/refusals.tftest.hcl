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
    temporary_storage    = 256
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
    var.temporary_storage,
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

run "a_statement_under_a_sid_of_the_module" {
  command = plan

  variables {
    access = {
      statements = {
        WriteOwnLogs = { actions = ["ec2:DescribeSubnets"], resources = ["*"] }
      }
    }
  }

  expect_failures = [var.access]
}

run "a_statement_with_a_sentence_for_a_sid" {
  command = plan

  variables {
    access = {
      statements = {
        "scan tables" = { actions = ["ec2:DescribeSubnets"], resources = ["*"] }
      }
    }
  }

  expect_failures = [var.access]
}

run "a_statement_without_actions" {
  command = plan

  variables {
    access = {
      statements = {
        ScanTables = { actions = [], resources = ["*"] }
      }
    }
  }

  expect_failures = [var.access]
}

run "every_action_of_a_service" {
  command = plan

  variables {
    access = {
      statements = {
        ScanTables = {
          actions   = ["dynamodb:*"]
          resources = ["arn:aws:dynamodb:ap-northeast-1:123456789012:table/tasks"]
        }
      }
    }
  }

  expect_failures = [var.access]
}

run "every_table" {
  command = plan

  variables {
    access = {
      statements = {
        ScanTables = { actions = ["dynamodb:Scan"], resources = ["*"] }
      }
    }
  }

  expect_failures = [var.access]
}

run "a_table_by_its_name" {
  command = plan

  variables {
    access = {
      statements = {
        ScanTables = { actions = ["dynamodb:Scan"], resources = ["tasks"] }
      }
    }
  }

  expect_failures = [var.access]
}

run "a_file_system_out_of_reach" {
  command = plan

  variables {
    file_system = {
      access_point_arn = "arn:aws:elasticfilesystem:ap-northeast-1:123456789012:access-point/fsap-1"
      file_system_arn  = "arn:aws:elasticfilesystem:ap-northeast-1:123456789012:file-system/fs-1"
      mount_path       = "/mnt/efs"
    }
  }

  expect_failures = [var.file_system]
}

run "a_file_system_by_its_id_at_a_path_of_its_own" {
  command = plan

  variables {
    network = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] }
    file_system = {
      access_point_arn = "fsap-1"
      file_system_arn  = "fs-1"
      mount_path       = "/efs"
    }
  }

  expect_failures = [var.file_system]
}

mock_provider "aws" {
  source = "../../mocks"
}

variables {
  environment = "prd"
  build       = "tests/build"
  network = {
    vpc_id             = "vpc-1"
    private_subnet_ids = ["subnet-1", "subnet-2"]
  }
  permissions_boundary = "arn:aws:iam::123456789012:policy/batchworks-prd-boundary"
  host = {
    shares = {
      share = {
        server                 = "fsx-server-name"
        share                  = "share"
        credentials_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:smb-AbCdEf"
      }
    }
    file_server_cidrs = ["10.1.2.0/24"]
  }
}

run "names_are_exact_where_they_are_alone" {
  assert {
    condition = output.buckets == {
      archive = "batchworks-archive"
      lists   = "batchworks-archive-lists"
    }
    error_message = "Production's buckets bear no suffix."
  }

  assert {
    condition = [output.restore_role.name, output.host.role.name] == [
      "archive-batch-restore", "archive-host",
    ]
    error_message = "Production's roles bear no suffix."
  }

  assert {
    condition     = module.alerts.alarm_names == ["archive-differences"]
    error_message = "Differences between list and bucket are an alarm."
  }
}

run "names_tell_the_environment_elsewhere" {
  variables {
    environment = "dev"
  }

  assert {
    condition = output.buckets == {
      archive = "batchworks-archive-dev"
      lists   = "batchworks-archive-lists-dev"
    }
    error_message = "Buckets of other environments end in it."
  }

  assert {
    condition = [output.restore_role.name, output.host.role.name] == [
      "archive-dev-batch-restore", "archive-dev-host",
    ]
    error_message = "Roles of other environments tell it."
  }

  assert {
    condition     = module.alerts.alarm_names == ["archive-dev-differences"]
    error_message = "So do alarms."
  }
}

run "names_of_buckets_can_be_chosen" {
  variables {
    buckets = { archive = "example-archive" }
  }

  assert {
    condition = output.buckets == {
      archive = "example-archive"
      lists   = "batchworks-archive-lists"
    }
    error_message = "A name that is taken in AWS can be replaced, one at a time."
  }

  assert {
    condition = output.settings == {
      AWS_REGION             = "ap-northeast-1"
      ARCHIVE_BUCKET         = "example-archive"
      ARCHIVE_LISTS_BUCKET   = "batchworks-archive-lists"
      ARCHIVE_BATCH_ROLE_ARN = output.restore_role.arn
      ARCHIVE_INVENTORY      = "s3://batchworks-archive-lists/inventory"
    }
    error_message = "The command is told what there is."
  }
}

run "nothing_archived_goes_by_itself" {
  assert {
    condition     = keys(local.old_lists) == ["dumps", "inventory", "packages"]
    error_message = "Only what can be made again expires."
  }

  assert {
    condition     = [for rule in local.old_lists : rule if !endswith(rule.prefix, "/")] == []
    error_message = "Each rule is for one folder of the bucket for lists."
  }

  assert {
    condition = alltrue([
      for folder in [local.prefixes.jobs] :
      !contains([for rule in local.old_lists : rule.prefix], folder)
    ])
    error_message = "What was asked of S3 Batch Operations, and what came of it, stays."
  }
}

run "the_host_installs_what_was_built" {
  assert {
    condition = module.lists.files["packages/archive-host.zip"] == {
      bucket = "batchworks-archive-lists"
      key    = "packages/archive-host.zip"
      sha256 = filesha256("tests/build/archive-host.zip")
    }
    error_message = "The package is uploaded, and pinned by its SHA-256."
  }
}

run "without_a_host" {
  variables {
    host = null
  }

  assert {
    condition     = output.host == null && module.lists.files == {}
    error_message = "The host can be left out, with its package."
  }

  assert {
    condition     = output.settings.ARCHIVE_BATCH_ROLE_ARN != null
    error_message = "The command can still be run elsewhere."
  }
}

run "one_bucket_for_both_and_data_that_can_be_destroyed" {
  command = plan

  variables {
    force_destroy = true
    buckets       = { archive = "example", lists = "example" }
    keep_days     = { dumps = 1 }
  }

  expect_failures = [var.force_destroy, var.buckets, var.keep_days]
}

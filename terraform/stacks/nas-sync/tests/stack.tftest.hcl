mock_provider "aws" {
  source = "../../mocks"
}

variables {
  environment = "prd"
  build       = "tests/build"
  network = {
    vpc_id             = "vpc-1"
    private_subnet_ids = ["subnet-a", "subnet-c"]
  }
  route_table_ids      = ["rtb-1"]
  permissions_boundary = "arn:aws:iam::123456789012:policy/batchworks-prd-boundary"
  nas = {
    server_hostname = "nas"
    subdirectory    = "/share"
    protocol        = "NFS"
    cidr            = "192.168.10.0/24"
  }
  vpn = { router_ip = "203.0.113.10" }
  search = {
    endpoint   = "https://search.example.com"
    domain_arn = "arn:aws:es:ap-northeast-1:123456789012:domain/search"
  }
  model = {
    key    = "models/resnet50.onnx"
    sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
  }
}

run "names_are_exact_in_production" {
  command = plan

  assert {
    condition = output.buckets == {
      raw = "cis-filesearch-raw-files", archive = "cis-filesearch-archived-files"
    }
    error_message = "Production's buckets bear no suffix."
  }

  assert {
    condition = toset([for key, made in output.functions : made.name]) == toset([
      "BatchReconciler", "BatchReporter", "BatchWatcher", "BulkIndexer", "DeletedFileArchiver",
      "FileScanner", "ImageFeatureExtractor", "TextExtractor", "VPNManager",
    ])
    error_message = "Operators know the functions by these names; Slack's is there once it has a secret."
  }

  assert {
    condition = (
      output.state_machine.name == "CIS-Monthly-Batch-Sync" && output.table.name == "file_metadata" &&
      output.dashboard_name == "CIS-BatchSync-Dashboard" && output.dead_letter_queue.name == "CIS-BatchSync-DLQ"
    )
    error_message = "State machine, table, dashboard and queue bear the names that operators know."
  }
}

run "names_tell_the_environment_elsewhere" {
  command = plan

  variables {
    environment   = "dev"
    force_destroy = true
  }

  assert {
    condition = [output.buckets.raw, output.state_machine.name, output.functions["FileScanner"].name] == [
      "cis-filesearch-raw-files-dev", "CIS-Monthly-Batch-Sync-dev", "FileScanner-dev",
    ]
    error_message = "Outside of production names end in the environment."
  }
}

run "versions_stay_until_they_are_archived" {
  command = plan

  assert {
    condition = local.lifecycle == {
      old-versions = { expire_noncurrent_days = 90 }
      old-indexed  = { prefix = "indexed/", expire_days = 180 }
      old-problems = { prefix = "problems/", expire_days = 180 }
      old-results  = { prefix = "results/", expire_days = 180 }
      old-work     = { prefix = "work/", expire_days = 180 }
    }
    error_message = "What INTELLIGENT_TIERING holds is moved by nobody else; a run's work goes after half a year."
  }
}

run "standard_moves_to_colder_classes_that_can_be_read_at_once" {
  command = plan

  variables {
    transfer = { storage_class = "STANDARD" }
  }

  assert {
    condition = local.lifecycle["colder"] == {
      prefix = "monthly-sync/", transitions = { STANDARD_IA = 90, GLACIER_IR = 180 }
    }
    error_message = "After 90 and 180 days, and the next full sync can still read everything."
  }
}

run "without_an_agent_nothing_starts_by_the_clock" {
  command = plan

  assert {
    condition     = output.transfer.task_arn == null && output.transfer.agent_arn == null
    error_message = "The agent is activated once the endpoint is there."
  }
}

run "files_in_production_are_not_destroyed" {
  command = plan

  variables {
    force_destroy = true
  }

  expect_failures = [var.force_destroy]
}

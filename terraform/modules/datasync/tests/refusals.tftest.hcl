mock_provider "aws" {
  source = "../../mocks"
}

run "a_connection_on_demand_without_keys" {
  command = plan

  variables {
    vpn = { mode = "on_demand", router_ip = "203.0.113.10" }
  }

  expect_failures = [var.vpn]
}

run "many_mistakes_at_a_time" {
  command = plan

  variables {
    suffix   = "_dev"
    agent    = { activation_key = "not-a-key" }
    network  = { vpc_id = "vpc-1", subnet_id = "subnet-1", route_table_ids = [], nas_cidr = "the NAS" }
    nas      = { server_hostname = "nas", subdirectory = "share", protocol = "SMB" }
    transfer = { preserve_deleted_files = "ASK", storage_class = "GLACIER", excludes = ["*.tmp|*.bak"] }
    schedule = "monthly"
    model    = { key = "resnet50.onnx", sha256 = "0" }
    alerts   = { emails = ["nobody"] }
    budget   = { limit_usd = 0 }
  }

  expect_failures = [
    var.suffix, var.agent, var.network, var.nas, var.transfer, var.schedule, var.model, var.alerts,
    var.budget,
  ]
}

run "two_domains_or_none" {
  command = plan

  variables {
    search = {
      endpoint   = "https://search-files.ap-northeast-1.es.amazonaws.com"
      domain_arn = "arn:aws:es:ap-northeast-1:123456789012:domain/files"
      create     = {}
    }
  }

  expect_failures = [var.search]
}

run "two_zones_in_one_subnet" {
  command = plan

  variables {
    search = {
      create  = { instance_count = 2 }
      network = { subnet_ids = ["subnet-a"], security_group_ids = ["sg-search"] }
    }
  }

  expect_failures = [var.search]
}

run "more_at_a_time_than_is_fair" {
  command = plan

  variables {
    functions = {
      zip         = "versions.tf"
      layers      = { batchworks = "main.tf", nas_sync = "outputs.tf", text = "search.tf", images = "alerts.tf" }
      concurrency = 51
    }
    processing = { brake_percent = 101, extraction_seconds = 120, work_file_size = 0, max_file_bytes = 1e10 }
  }

  expect_failures = [var.functions, var.processing]
}

run "a_run_that_ends_before_its_waits_do" {
  command = plan

  variables {
    pacing = { transfer_checks = 1000, run_timeout_seconds = 86400 }
  }

  expect_failures = [var.pacing]
}

run "a_run_with_more_checks_than_a_history_holds" {
  command = plan

  variables {
    pacing = { transfer_wait_seconds = 60, transfer_checks = 1440 }
  }

  expect_failures = [var.pacing]
}

run "a_share_that_is_no_whole_number" {
  command = plan

  variables {
    processing = { failure_percent = 2.5 }
  }

  expect_failures = [var.processing]
}

run "more_memory_for_a_file_than_its_function_has" {
  command = plan

  variables {
    processing = { extraction_memory_mb = 3008 }
  }

  expect_failures = [var.processing]
}

run "one_bucket_for_both" {
  command = plan

  variables {
    buckets = {
      raw     = { name = "files", arn = "arn:aws:s3:::files" }
      archive = { name = "files", arn = "arn:aws:s3:::files" }
    }
  }

  expect_failures = [var.buckets]
}

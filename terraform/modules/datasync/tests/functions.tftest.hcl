mock_provider "aws" {
  source = "../../mocks"
}

run "each_function_may_do_its_own_work" {
  assert {
    condition = {
      for key, function in local.functions : key => try(function.write, [])
      if length(try(function.write, [])) > 0
      } == {
      BatchReconciler = [
        "cis-filesearch-raw-files/manifests/*", "cis-filesearch-raw-files/reports/*",
      ]
      BulkIndexer = ["cis-filesearch-raw-files/indexed/*"]
      DeletedFileArchiver = [
        "cis-filesearch-raw-files/archived/*", "cis-filesearch-archived-files/deleted/*",
      ]
      FileScanner = ["cis-filesearch-raw-files/manifests/*", "cis-filesearch-raw-files/work/*"]
      ImageFeatureExtractor = [
        "cis-filesearch-raw-files/problems/*", "cis-filesearch-raw-files/results/*",
      ]
      TextExtractor = [
        "cis-filesearch-raw-files/problems/*", "cis-filesearch-raw-files/results/*",
      ]
    }
    error_message = "Nobody writes the files of the NAS, and only the archiver writes the archive."
  }

  assert {
    condition = alltrue([
      for function in local.functions : alltrue([
        for statement in values(try(function.statements, {})) :
        !contains(statement.actions, "s3:DeleteObject") &&
        !contains(statement.actions, "s3:DeleteObjectVersion")
      ])
    ])
    error_message = "No function deletes an object."
  }

  assert {
    condition     = toset(local.searchers) == toset(["BatchReconciler", "BulkIndexer", "DeletedFileArchiver"])
    error_message = "Three functions speak with OpenSearch."
  }
}

run "extractors_share_the_account_fairly" {
  variables {
    functions = {
      zip         = "versions.tf"
      layers      = { batchworks = "main.tf", nas_sync = "outputs.tf", text = "search.tf", images = "alerts.tf" }
      concurrency = 50
    }
  }

  assert {
    condition = alltrue([
      for key in ["ImageFeatureExtractor", "TextExtractor"] :
      module.function[key].reserved_concurrency == 50
    ])
    error_message = "Each reserves as many runs as the Map starts at a time."
  }

  assert {
    condition = alltrue([
      for key in local.names : module.function[key].reserved_concurrency == -1
      if !endswith(key, "Extractor")
    ])
    error_message = "The others need none."
  }

  assert {
    condition     = jsondecode(local.definition).States.ProcessFilesInParallel.MaxConcurrency == 50
    error_message = "The Map starts no more than there is room for."
  }
}

run "a_domain_of_its_own" {
  variables {
    search = {
      create  = { instance_type = "r7g.large.search", instance_count = 2, volume_gb = 100 }
      network = { subnet_ids = ["subnet-a", "subnet-c"], security_group_ids = ["sg-search"] }
    }
  }

  assert {
    condition = (
      one(aws_opensearch_domain.this).engine_version == "OpenSearch_2.19" &&
      one(aws_opensearch_domain.this).encrypt_at_rest[0].enabled &&
      one(aws_opensearch_domain.this).node_to_node_encryption[0].enabled &&
      one(aws_opensearch_domain.this).domain_endpoint_options[0].enforce_https
    )
    error_message = "A domain that is made here is encrypted wherever it can be."
  }

  assert {
    condition = (
      length(jsondecode(one(aws_opensearch_domain_policy.this).access_policies).Statement) == 1 &&
      jsondecode(one(aws_opensearch_domain_policy.this).access_policies).Statement[0].Resource ==
      "arn:aws:es:ap-northeast-1:123456789012:domain/cis-filesearch/*"
    )
    error_message = "Its policy lets the functions that search in."
  }

  assert {
    condition     = one(aws_opensearch_domain.this).vpc_options[0].subnet_ids == toset(["subnet-a", "subnet-c"])
    error_message = "It lies where the functions are."
  }
}

run "a_domain_of_one_node_is_in_one_subnet" {
  command = plan

  variables {
    search = {
      create  = {}
      network = { subnet_ids = ["subnet-a", "subnet-c"], security_group_ids = ["sg-search"] }
    }
  }

  assert {
    condition     = one(aws_opensearch_domain.this).vpc_options[0].subnet_ids == toset(["subnet-a"])
    error_message = "AWS refuses a second subnet for a domain that is in one zone."
  }
}

run "the_catalogue_survives_mistakes" {
  variables {
    protected = true
  }
  command = plan

  assert {
    condition = (
      aws_dynamodb_table.files.deletion_protection_enabled &&
      aws_dynamodb_table.files.point_in_time_recovery[0].enabled &&
      aws_dynamodb_table.files.billing_mode == "PAY_PER_REQUEST"
    )
    error_message = "The table can be restored, and nobody deletes it by mistake."
  }
}

run "temporary_files_fit" {
  variables {
    processing = { max_file_bytes = 1073741824 }
  }

  assert {
    condition = alltrue([
      for key in ["ImageFeatureExtractor", "TextExtractor"] : local.functions[key].storage == 1536
    ])
    error_message = "An extractor has room for the largest file, and 512 MB besides."
  }
}

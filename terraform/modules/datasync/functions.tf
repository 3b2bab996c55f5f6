locals {
  raw     = var.buckets.raw.name
  archive = var.buckets.archive.name

  # Timeouts in seconds, memory in MB. Objects are bucket/key, as module function reads them.
  functions = {
    VPNManager = {
      description = "Makes, checks and takes away the VPN connection to the NAS"
      handler     = "vpn"
      timeout     = 300
      secrets     = var.vpn.mode == "on_demand" ? compact([var.vpn.preshared_keys_secret_arn]) : []
      statements  = local.vpn_statements
    }
    FileScanner = {
      description = "Finds what is new, changed, moved and deleted since the last batch"
      handler     = "scan"
      memory_size = 1769 # one whole CPU: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
      storage     = 4096 # a million files that are gone take 0.5 to 2 GB
      read = [
        "${local.raw}/${local.data_prefix}*", "${local.raw}/manifests/*", "${local.raw}/reports/*",
        "${local.raw}/work/*",
      ]
      write        = ["${local.raw}/manifests/*", "${local.raw}/work/*"]
      abort_upload = true
    }
    TextExtractor = {
      description          = "Reads the text of documents"
      handler              = "text"
      timeout              = 120
      memory_size          = 2048
      storage              = local.extractor_storage
      layer                = "text"
      reserved_concurrency = var.functions.concurrency
      read                 = local.extractor_reads
      write                = local.extractor_writes
    }
    ImageFeatureExtractor = {
      description          = "Turns images into feature vectors"
      handler              = "images"
      timeout              = 120
      memory_size          = 2048
      storage              = local.extractor_storage
      layer                = "images"
      reserved_concurrency = var.functions.concurrency
      read                 = concat(local.extractor_reads, ["${local.raw}/${var.model.key}"])
      write                = local.extractor_writes
    }
    BulkIndexer = {
      description = "Writes files into OpenSearch and the catalogue"
      handler     = "index"
      memory_size = 1024
      searches    = true
      read = [
        "${local.raw}/${local.data_prefix}*", "${local.raw}/indexed/*", "${local.raw}/manifests/*",
        "${local.raw}/problems/*", "${local.raw}/results/*", "${local.raw}/work/*",
      ]
      write = ["${local.raw}/indexed/*"]
      statements = {
        Search = {
          actions   = ["es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPost", "es:ESHttpPut"]
          resources = ["${local.search_arn}/*"]
        }
        WriteCatalogue = {
          actions   = ["dynamodb:BatchWriteItem"]
          resources = [local.table_arn]
        }
      }
    }
    DeletedFileArchiver = {
      description = "Keeps files that were deleted on the NAS, and takes them out of the index"
      handler     = "deleted"
      memory_size = 1024
      searches    = true
      read = [
        "${local.raw}/archived/*", "${local.raw}/manifests/*", "${local.raw}/work/*",
        "${local.archive}/deleted/*",
      ]
      write = ["${local.raw}/archived/*", "${local.archive}/deleted/*"]
      statements = {
        FindLastVersions = {
          actions   = ["s3:ListBucketVersions"]
          resources = [var.buckets.raw.arn]
        }
        ReadLastVersions = {
          actions   = ["s3:GetObjectVersion", "s3:GetObjectVersionTagging"]
          resources = ["${var.buckets.raw.arn}/${local.data_prefix}*"]
        }
        ArchiveLargeFiles = {
          actions   = ["s3:AbortMultipartUpload", "s3:PutObjectTagging"]
          resources = ["${var.buckets.archive.arn}/deleted/*"]
        }
        Search = {
          actions   = ["es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPost"]
          resources = ["${local.search_arn}/*"]
        }
        MarkDeleted = {
          actions   = ["dynamodb:UpdateItem"]
          resources = [local.table_arn]
        }
      }
    }
    BatchReconciler = {
      description  = "Counts results, and compares source, index and catalogue"
      handler      = "reconcile"
      memory_size  = 1769
      searches     = true
      abort_upload = true
      read = [
        "${local.raw}/archived/*", "${local.raw}/indexed/*", "${local.raw}/manifests/*",
        "${local.raw}/problems/*", "${local.raw}/reports/*", "${local.raw}/results/*",
        "${local.raw}/work/*",
      ]
      write = ["${local.raw}/manifests/*", "${local.raw}/reports/*"]
      statements = {
        Search = { # DELETE closes what POST has opened, a point in time
          actions   = ["es:ESHttpDelete", "es:ESHttpHead", "es:ESHttpPost"]
          resources = ["${local.search_arn}/*"]
        }
        ReadCatalogue = {
          actions   = ["dynamodb:BatchGetItem"]
          resources = [local.table_arn]
        }
      }
    }
    BatchReporter = {
      description = "Composes what people are told about a run"
      handler     = "report"
      timeout     = 60
      read        = ["${local.raw}/manifests/*", "${local.raw}/reports/*"]
      statements = {
        ReadRun = {
          actions   = ["states:GetExecutionHistory"]
          resources = ["${local.executions_arn}:*"]
        }
        ReadTransfer = {
          actions   = ["datasync:DescribeTaskExecution"]
          resources = ["${local.task_arn}/execution/*"]
        }
      }
    }
    BatchWatcher = {
      description = "Says how long ago the last run succeeded, and finds VPN connections left over"
      handler     = "watch"
      timeout     = 60
      statements = {
        SeeRuns = {
          actions   = ["states:DescribeStateMachine", "states:ListExecutions"]
          resources = [local.state_machine_arn]
        }
        SeeConnections = {
          actions   = ["ec2:DescribeVpnConnections"]
          resources = ["*"] # ec2:Describe… has no resources that a policy could name
        }
      }
    }
    SlackNotifier = {
      description = "Passes what the topic is told on to Slack"
      handler     = "slack"
      timeout     = 60
      secrets     = compact([var.alerts.slack_secret_arn])
    }
  }

  # The files that are read or wait for it, and as much for a model and what readers unpack.
  extractor_storage = 512 + ceil(var.processing.max_file_bytes / 1048576)

  extractor_reads = [
    "${local.raw}/${local.data_prefix}*", "${local.raw}/results/*", "${local.raw}/work/*",
  ]
  extractor_writes = ["${local.raw}/problems/*", "${local.raw}/results/*"]

  # A stream that is given up takes its parts away again.
  abort_upload = {
    GiveUpUploads = {
      actions = ["s3:AbortMultipartUpload"]
      resources = [
        for folder in ["manifests", "reports", "work"] : "${var.buckets.raw.arn}/${folder}/*"
      ]
    }
  }

  names = toset([
    for key in keys(local.functions) : key if key != "SlackNotifier" || local.slack
  ])
}

module "function" {
  source   = "../function"
  for_each = local.names

  name        = "${each.key}${var.suffix}"
  description = local.functions[each.key].description
  code = {
    zip          = var.functions.zip
    handler      = "nas_sync.handlers.${local.functions[each.key].handler}.run"
    runtime      = var.functions.runtime
    architecture = var.functions.architecture
  }
  layers = merge(
    { batchworks = var.functions.layers.batchworks, nas-sync = var.functions.layers.nas_sync },
    { for name in try([local.functions[each.key].layer], []) : name => var.functions.layers[name] },
  )
  memory_size           = try(local.functions[each.key].memory_size, 512)
  temporary_storage     = try(local.functions[each.key].storage, 512)
  timeout               = try(local.functions[each.key].timeout, 900)
  reserved_concurrency  = try(local.functions[each.key].reserved_concurrency, null)
  network               = try(local.functions[each.key].searches, false) ? var.search.network : null
  environment_variables = merge(local.settings.all, try(local.settings[each.key], {}))
  log_retention_days    = var.functions.log_retention_days

  dead_letter_queue = {
    name = aws_sqs_queue.dead_letters.name
    arn  = aws_sqs_queue.dead_letters.arn
    url  = aws_sqs_queue.dead_letters.url
  }

  access = {
    secrets       = try(local.functions[each.key].secrets, [])
    read_objects  = try(local.functions[each.key].read, [])
    write_objects = try(local.functions[each.key].write, [])
    statements = merge(
      try(local.functions[each.key].statements, {}),
      {
        for sid, right in local.abort_upload :
        sid => right if try(local.functions[each.key].abort_upload, false)
      },
    )
    boundary = var.permissions_boundary
  }

  alarms = {
    topic_arn        = aws_sns_topic.this.arn
    duration_seconds = try(local.functions[each.key].timeout, 900)
    on = concat(
      ["errors"], # a time-out is one
      can(local.functions[each.key].reserved_concurrency) ? ["throttles"] : [],
    )
  }
}

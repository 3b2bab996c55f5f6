mock_provider "aws" {
  source = "../../mocks"
}

run "a_bucket_that_keeps_what_it_is_given" {
  assert {
    condition     = aws_s3_bucket.this.bucket == "example-archive" && output.name != null
    error_message = "The bucket has the name it was given."
  }

  assert {
    condition     = output.arn == "arn:aws:s3:::example-archive"
    error_message = "The ARN is known before the bucket is there."
  }

  assert {
    condition     = aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled"
    error_message = "A version that is overwritten or deleted is still there."
  }

  assert {
    condition     = aws_s3_bucket.this.force_destroy == false
    error_message = "Terraform destroys no bucket that holds something."
  }

  assert {
    condition = (
      one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    )
    error_message = "Objects are encrypted with S3's own key."
  }

  assert {
    condition = (
      aws_s3_bucket_ownership_controls.this.rule[0].object_ownership == "BucketOwnerEnforced"
    )
    error_message = "What others put here is ours: access lists are off."
  }

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.this.block_public_acls,
      aws_s3_bucket_public_access_block.this.block_public_policy,
      aws_s3_bucket_public_access_block.this.ignore_public_acls,
      aws_s3_bucket_public_access_block.this.restrict_public_buckets,
    ])
    error_message = "There is no way to make it public."
  }

  assert {
    condition = jsondecode(aws_s3_bucket_policy.this.policy).Statement == [
      for sid, condition in {
        OnlyOverTls   = { Bool = { "aws:SecureTransport" = "false" } }
        OnlyOverTls12 = { NumericLessThan = { "s3:TlsVersion" = "1.2" } }
        } : {
        Sid       = sid
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = ["arn:aws:s3:::example-archive", "arn:aws:s3:::example-archive/*"]
        Condition = condition
      }
    ]
    error_message = "Nothing comes in but over TLS 1.2 or later, and the policy allows nobody."
  }

  assert {
    condition = jsonencode([
      for rule in aws_s3_bucket_lifecycle_configuration.this.rule : {
        id      = rule.id
        aborts  = rule.abort_incomplete_multipart_upload[*].days_after_initiation
        touches = [rule.transition, rule.expiration, rule.noncurrent_version_expiration]
      }
    ]) == jsonencode([{ id = "abort-unfinished-uploads", aborts = [7], touches = [[], [], []] }])
    error_message = "Unfinished uploads go after a week, and no object ever does."
  }

  assert {
    condition = 0 == sum([
      length(aws_s3_bucket_object_lock_configuration.this), length(aws_s3_bucket_inventory.this),
      length(aws_s3_bucket_logging.this), length(aws_s3_bucket_notification.eventbridge),
      length(aws_s3_bucket_metric.this), length(aws_cloudwatch_metric_alarm.this),
      length(aws_iam_role.restores),
    ])
    error_message = "What costs or promises something is there only if asked for."
  }

  assert {
    condition = (
      output.inventory == null && output.restore_role == null && output.kms_key_arn == null
    )
    error_message = "What isn't there is null."
  }
}

run "with_a_key_of_ones_own" {
  variables {
    kms_key_arn = "arn:aws:kms:ap-northeast-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  }

  assert {
    condition = (
      one(aws_s3_bucket_server_side_encryption_configuration.this.rule).bucket_key_enabled &&
      one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).kms_master_key_id == var.kms_key_arn
    )
    error_message = "Objects are encrypted with that key, one call to KMS for many."
  }
}

run "a_lock_for_ten_years" {
  variables {
    object_lock = { mode = "GOVERNANCE", days = 3650 }
    inventory   = { bucket = "example-lists" }
  }

  assert {
    condition = (
      jsonencode(one(aws_s3_bucket_object_lock_configuration.this["default"].rule).default_retention) ==
      jsonencode([{ mode = "GOVERNANCE", days = 3650, years = null }])
    )
    error_message = "A version is locked for as long as asked."
  }

  assert {
    condition = (
      aws_s3_bucket_inventory.this["all-versions"].optional_fields == toset([
        "Size", "LastModifiedDate", "StorageClass", "ETag", "ChecksumAlgorithm",
        "ObjectLockMode", "ObjectLockRetainUntilDate",
      ])
    )
    error_message = "The inventory of a locked bucket tells each version's lock."
  }
}

run "an_inventory_of_every_version" {
  variables {
    inventory = { bucket = "example-lists", frequency = "Weekly" }
  }

  assert {
    condition = (
      aws_s3_bucket_inventory.this["all-versions"].included_object_versions == "All" &&
      one(aws_s3_bucket_inventory.this["all-versions"].schedule).frequency == "Weekly" &&
      aws_s3_bucket_inventory.this["all-versions"].optional_fields == toset([
        "Size", "LastModifiedDate", "StorageClass", "ETag", "ChecksumAlgorithm",
      ])
    )
    error_message = "Every week all versions are listed, with size, time, class and checksums."
  }

  assert {
    condition = jsonencode(one(aws_s3_bucket_inventory.this["all-versions"].destination).bucket) == jsonencode([{
      account_id = "123456789012"
      bucket_arn = "arn:aws:s3:::example-lists"
      encryption = []
      format     = "CSV"
      prefix     = "inventory"
    }])
    error_message = "The list goes to the other bucket, as CSV, if that is still this account's."
  }

  assert {
    condition     = output.inventory == "s3://example-lists/inventory"
    error_message = "Whoever reads it is told where S3 puts it."
  }
}

run "a_bucket_that_takes_lists_and_logs_of_others" {
  variables {
    receives = {
      inventories_of = ["example-archive", "example-export"]
      access_logs_of = ["example-raw"]
    }
  }

  assert {
    condition = {
      for statement in jsondecode(aws_s3_bucket_policy.this.policy).Statement :
      statement.Sid => statement if statement.Effect == "Allow"
      } == {
      for sid, delivery in {
        TakeInventories = {
          service = "s3.amazonaws.com"
          from    = ["arn:aws:s3:::example-archive", "arn:aws:s3:::example-export"]
        }
        TakeAccessLogs = {
          service = "logging.s3.amazonaws.com"
          from    = ["arn:aws:s3:::example-raw"]
        }
        } : sid => {
        Sid       = sid
        Effect    = "Allow"
        Principal = { Service = delivery.service }
        Action    = "s3:PutObject"
        Resource  = "arn:aws:s3:::example-archive/*"
        Condition = {
          ArnEquals    = { "aws:SourceArn" = delivery.from }
          StringEquals = { "aws:SourceAccount" = "123456789012" }
        }
      }
    }
    error_message = "S3 may deliver here for the buckets that were named, of this account, and add only."
  }
}

run "rules_of_a_bucket_for_exports" {
  variables {
    lifecycle_rules = {
      old     = { transitions = { STANDARD_IA = 30, GLACIER = 90 } }
      expired = { prefix = "tmp/", expire_days = 1, expire_noncurrent_days = 7 }
    }
    unfinished_upload_days = 1
  }

  assert {
    condition = jsonencode({
      for rule in aws_s3_bucket_lifecycle_configuration.this.rule : rule.id => {
        moves    = { for move in rule.transition : move.storage_class => move.days }
        expires  = rule.expiration[*].days
        versions = rule.noncurrent_version_expiration[*].noncurrent_days
        aborts   = rule.abort_incomplete_multipart_upload[*].days_after_initiation
      }
      }) == jsonencode({
      abort-unfinished-uploads = {
        moves = {}, expires = [], versions = [], aborts = [1]
      }
      expired = { moves = {}, expires = [1], versions = [7], aborts = [] }
      old = {
        moves = { STANDARD_IA = 30, GLACIER = 90 }, expires = [], versions = [], aborts = []
      }
    })
    error_message = "Objects move and go as the caller says, all by rules of their own."
  }

  assert {
    condition = ["tmp/"] == [
      for rule in aws_s3_bucket_lifecycle_configuration.this.rule :
      one(rule.filter).prefix if rule.id == "expired"
    ]
    error_message = "A rule is for what lies below its prefix."
  }
}

run "log_events_and_files" {
  variables {
    access_log  = { bucket = "example-logs", prefix = "archive/" }
    eventbridge = true
    files       = { "packages/archive-host.zip" = "versions.tf" }
  }

  assert {
    condition = (
      aws_s3_bucket_logging.this["log"].target_bucket == "example-logs" &&
      aws_s3_bucket_logging.this["log"].target_prefix == "archive/"
    )
    error_message = "Requests are logged where asked."
  }

  assert {
    condition     = aws_s3_bucket_notification.eventbridge[0].eventbridge
    error_message = "S3 tells EventBridge of every object."
  }

  assert {
    condition = (
      aws_s3_object.file["packages/archive-host.zip"].key == "packages/archive-host.zip" &&
      aws_s3_object.file["packages/archive-host.zip"].source_hash == filesha256("versions.tf")
    )
    error_message = "A file of the build is uploaded again when its content changes."
  }

  assert {
    condition = output.files["packages/archive-host.zip"] == {
      bucket = "example-archive"
      key    = "packages/archive-host.zip"
      sha256 = filesha256("versions.tf")
    }
    error_message = "Whoever fetches it is told where it is and what to expect."
  }
}

run "errors_that_wake_a_person" {
  variables {
    alarms = {
      topic_arns    = ["arn:aws:sns:ap-northeast-1:123456789012:alerts"]
      server_errors = 10
    }
  }

  assert {
    condition = {
      for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_name => join(" ", [
        alarm.namespace, "${alarm.statistic}(${alarm.metric_name})", alarm.comparison_operator,
        alarm.threshold, alarm.treat_missing_data,
      ])
      } == {
      example-archive-server-errors = "AWS/S3 Sum(5xxErrors) GreaterThanOrEqualToThreshold 10 notBreaching"
    }
    error_message = "Only the alarm that was asked for is there."
  }

  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.this :
      alarm.dimensions == tomap({
        BucketName = "example-archive", FilterId = aws_s3_bucket_metric.this[0].name
      }) &&
      alarm.alarm_actions == var.alarms.topic_arns
    ])
    error_message = "It watches this bucket's requests, which S3 counts for it, and tells the topics."
  }
}

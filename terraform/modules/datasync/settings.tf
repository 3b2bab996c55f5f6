# What each function is told, by its name; all are told what is under `all`.

locals {
  settings = {
    all = {
      ENVIRONMENT = var.environment
      LOG_LEVEL   = var.functions.log_level
      RAW_BUCKET  = local.raw
    }

    VPNManager = merge({ VPN_MODE = var.vpn.mode }, one(concat(
      [for connection in aws_vpn_connection.this : { VPN_CONNECTION_ID = connection.id }],
      [
        for vpn in local.on_demand : {
          CUSTOMER_GATEWAY_ID       = aws_customer_gateway.this.id
          VPN_GATEWAY_ID            = aws_vpn_gateway.this.id
          PRESHARED_KEYS_SECRET_ARN = vpn.preshared_keys_secret_arn
          INSIDE_CIDRS              = join(",", vpn.inside_cidrs)
          NAS_CIDR                  = var.network.nas_cidr
          ADDRESS_PARAMETER         = one(aws_ssm_parameter.addresses[*].name)
          TOPIC_ARN                 = aws_sns_topic.this.arn
        }
      ],
    )))

    FileScanner = {
      BRAKE_PERCENT          = tostring(var.processing.brake_percent)
      PRESERVE_DELETED_FILES = var.transfer.preserve_deleted_files
      WORK_FILE_SIZE         = tostring(var.processing.work_file_size)
    }

    TextExtractor = merge(local.extraction, {
      MAX_TEXT_CHARACTERS = tostring(var.processing.max_text_characters)
    })

    ImageFeatureExtractor = merge(local.extraction, {
      MODEL_KEY    = var.model.key
      MODEL_SHA256 = var.model.sha256
    })

    BulkIndexer = merge(local.searching, {
      BULK_CHUNK   = tostring(var.processing.bulk_chunk)
      NAS_LOCATION = local.nas_path
    })

    DeletedFileArchiver = merge(local.searching, { ARCHIVE_BUCKET = local.archive })

    BatchReconciler = merge(local.searching, {
      FAILURE_PERCENT = tostring(var.processing.failure_percent)
    })

    BatchReporter = { STATE_MACHINE_ARN = local.state_machine_arn }

    BatchWatcher = merge(
      { STATE_MACHINE_ARN = local.state_machine_arn },
      { for vpn in local.on_demand : "CUSTOMER_GATEWAY_ID" => aws_customer_gateway.this.id },
    )

    SlackNotifier = { for arn in var.alerts.slack_secret_arn[*] : "SLACK_SECRET_ARN" => arn }
  }

  extraction = {
    NAS_LOCATION         = local.nas_path
    MAX_FILE_BYTES       = tostring(var.processing.max_file_bytes)
    EXTRACTION_SECONDS   = tostring(var.processing.extraction_seconds)
    EXTRACTION_MEMORY_MB = tostring(var.processing.extraction_memory_mb)
  }

  searching = {
    OPENSEARCH_ENDPOINT = local.search.endpoint
    OPENSEARCH_REGION   = local.region
    FILES_ALIAS         = "files"
    IMAGES_ALIAS        = "images"
    METADATA_TABLE      = aws_dynamodb_table.files.name
  }

  vpn_statements = merge(
    {
      SeeConnections = {
        actions   = ["ec2:DescribeVpnConnections"]
        resources = ["*"] # ec2:Describe… has no resources that a policy could name
      }
    },
    { for sid, right in local.on_demand_statements : sid => right if var.vpn.mode == "on_demand" },
  )

  # Only connections between the two gateways are made, and only those that were are taken away.
  on_demand_statements = {
    MakeConnection = {
      actions = ["ec2:CreateVpnConnection"]
      resources = [
        "${local.arn.ec2}:customer-gateway/${aws_customer_gateway.this.id}",
        "${local.arn.ec2}:vpn-gateway/${aws_vpn_gateway.this.id}",
        "${local.arn.ec2}:vpn-connection/*", # has no id yet
      ]
    }
    TagConnection = {
      actions   = ["ec2:CreateTags"]
      resources = ["${local.arn.ec2}:vpn-connection/*"]
      condition = { StringEquals = { "ec2:CreateAction" = ["CreateVpnConnection"] } }
    }
    ChangeConnection = {
      actions   = ["ec2:CreateVpnConnectionRoute", "ec2:DeleteVpnConnection"]
      resources = ["${local.arn.ec2}:vpn-connection/*"]
      condition = {
        StringEquals = {
          "ec2:ResourceTag/Application" = [local.tags.Application]
          "ec2:ResourceTag/ManagedBy"   = ["VPNManager"]
        }
      }
    }
    TellAddresses = {
      actions   = ["ssm:GetParameter", "ssm:PutParameter"]
      resources = aws_ssm_parameter.addresses[*].arn
    }
    TellPeople = {
      actions   = ["sns:Publish"]
      resources = [aws_sns_topic.this.arn]
    }
  }
}

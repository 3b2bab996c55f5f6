locals {
  # An agent is known by its activation key, which it tells only after the endpoint is there.
  agents = var.agent.activation_key[*]

  smb = var.nas.protocol == "SMB" ? local.agents : []
  nfs = var.nas.protocol == "NFS" ? local.agents : []

  login = try(jsondecode(data.aws_secretsmanager_secret_version.nas[0].secret_string), {})

  # Until there are an agent and a task the state machine names some that aren't there.
  agent_arn = one(concat(
    aws_datasync_agent.this[*].arn,
    length(local.agents) == 0 ? ["${local.arn.datasync}:agent/agent-00000000000000000"] : [],
  ))
  task_arn = one(concat(
    aws_datasync_task.this[*].arn,
    length(local.agents) == 0 ? ["${local.arn.datasync}:task/task-00000000000000000"] : [],
  ))

  data_prefix = "monthly-sync/"

  # DataSync tells a folder with a / behind it: written without, it would change with every plan.
  nas_folder = "${trimsuffix(var.nas.subdirectory, "/")}/"

  nas_path = "//${var.nas.server_hostname}${local.nas_folder}"
}

resource "aws_datasync_agent" "this" {
  count = length(local.agents)

  name                = "CIS-NAS-Sync-Agent${var.suffix}"
  activation_key      = local.agents[count.index]
  vpc_endpoint_id     = aws_vpc_endpoint.datasync.id
  security_group_arns = [aws_security_group.datasync.arn]
  subnet_arns         = ["${local.arn.ec2}:subnet/${var.network.subnet_id}"]
  tags                = local.tags
}

# DataSync takes the password itself: Terraform reads it, and it is in Terraform's state (README).
data "aws_secretsmanager_secret_version" "nas" {
  count = length(local.smb)

  secret_id = var.nas.secret_arn
}

resource "aws_datasync_location_smb" "nas" {
  count = length(local.smb)

  agent_arns      = aws_datasync_agent.this[*].arn
  server_hostname = var.nas.server_hostname
  subdirectory    = local.nas_folder
  domain          = lookup(local.login, "domain", null)
  user            = local.login["user"]
  password        = sensitive(local.login["password"])
  tags            = local.tags

  mount_options {
    version = coalesce(var.nas.version, "SMB3")
  }
}

resource "aws_datasync_location_nfs" "nas" {
  count = length(local.nfs)

  server_hostname = var.nas.server_hostname
  subdirectory    = local.nas_folder
  tags            = local.tags

  on_prem_config {
    agent_arns = aws_datasync_agent.this[*].arn
  }

  mount_options {
    version = coalesce(var.nas.version, "NFS4_0")
  }
}

resource "aws_datasync_location_s3" "raw" {
  count = length(local.agents)

  s3_bucket_arn    = var.buckets.raw.arn
  s3_storage_class = var.transfer.storage_class
  subdirectory     = "/${local.data_prefix}"
  tags             = local.tags

  s3_config {
    bucket_access_role_arn = aws_iam_role.transfer.arn
  }

  # DataSync tries the role when the location is made.
  depends_on = [aws_iam_role_policy.transfer]
}

resource "aws_datasync_task" "this" {
  count = length(local.agents)

  name = local.name
  source_location_arn = one(
    concat(aws_datasync_location_smb.nas[*].arn, aws_datasync_location_nfs.nas[*].arn)
  )
  destination_location_arn = aws_datasync_location_s3.raw[count.index].arn
  cloudwatch_log_group_arn = aws_cloudwatch_log_group.transfer.arn
  tags                     = local.tags

  options {
    verify_mode                    = "POINT_IN_TIME_CONSISTENT" # mode BASIC, the default, has it
    overwrite_mode                 = "ALWAYS"
    atime                          = "BEST_EFFORT"
    mtime                          = "PRESERVE"
    uid                            = "NONE"
    gid                            = "NONE"
    posix_permissions              = "NONE"
    preserve_devices               = "NONE"
    security_descriptor_copy_flags = "NONE"
    preserve_deleted_files         = var.transfer.preserve_deleted_files
    bytes_per_second               = var.transfer.bytes_per_second
    task_queueing                  = "ENABLED"
    log_level                      = "TRANSFER"
    transfer_mode                  = "CHANGED"
  }

  dynamic "includes" {
    for_each = length(var.transfer.includes) == 0 ? [] : [join("|", var.transfer.includes)]

    content {
      filter_type = "SIMPLE_PATTERN"
      value       = includes.value
    }
  }

  dynamic "excludes" {
    for_each = length(var.transfer.excludes) == 0 ? [] : [join("|", var.transfer.excludes)]

    content {
      filter_type = "SIMPLE_PATTERN"
      value       = excludes.value
    }
  }
}

resource "aws_cloudwatch_log_group" "transfer" {
  #checkov:skip=CKV_AWS_158:File names and sizes, no content: AWS's own key is enough
  #checkov:skip=CKV_AWS_338:Three months cover the runs that a person still asks about
  name              = "/aws/datasync${var.suffix}"
  retention_in_days = var.functions.log_retention_days
  tags              = local.tags
}

resource "aws_cloudwatch_log_resource_policy" "transfer" {
  policy_name = "CIS-DataSync${var.suffix}"

  policy_document = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "WriteTransferLog"
      Effect    = "Allow"
      Principal = { Service = "datasync.amazonaws.com" }
      Action    = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource  = "${local.arn.logs}:log-group:${aws_cloudwatch_log_group.transfer.name}:*"
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account }
        ArnLike      = { "aws:SourceArn" = "${local.arn.datasync}:task/*" }
      }
    }]
  })
}

resource "aws_iam_role" "transfer" {
  name        = "DataSyncS3Role${var.suffix}"
  description = "What DataSync may do with the raw bucket"
  tags        = local.role_tags

  permissions_boundary = var.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "datasync.amazonaws.com" }
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account }
        ArnLike      = { "aws:SourceArn" = "${local.arn.datasync}:*" }
      }
    }]
  })
}

# https://docs.aws.amazon.com/datasync/latest/userguide/create-s3-location.html
resource "aws_iam_role_policy" "transfer" {
  name = "write-raw-files"
  role = aws_iam_role.transfer.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "SeeBucket"
        Effect   = "Allow"
        Action   = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
        Resource = [var.buckets.raw.arn]
      },
      {
        Sid    = "WriteFiles"
        Effect = "Allow"
        Action = [
          "s3:AbortMultipartUpload",
          "s3:DeleteObject",
          "s3:GetObject",
          "s3:GetObjectTagging",
          "s3:ListMultipartUploadParts",
          "s3:PutObject",
          "s3:PutObjectTagging",
        ]
        Resource = ["${var.buckets.raw.arn}/${local.data_prefix}*"]
      },
    ]
  })
}

locals {
  # What the function may do follows from what it is given. A permission without resources is
  # not granted. What many functions use is an entry here and an attribute in var.access, both of
  # this module and of those that pass it on, such as batch-scheduler: Terraform drops what an
  # object type doesn't name, without a word. The rest are the caller's own statements.
  permissions = {
    # Lambda itself writes the log, as this role. It may not create log groups: ours is there.
    WriteOwnLogs = {
      actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      resources = ["${aws_cloudwatch_log_group.this.arn}:*"]
    }
    KeepDeadLetters = {
      actions   = ["sqs:SendMessage"]
      resources = [local.dead_letter_queue.arn]
    }
    ReadSecrets = {
      actions   = ["secretsmanager:GetSecretValue"]
      resources = var.access.secrets
    }
    ReadObjects = {
      actions   = ["s3:GetObject"]
      resources = [for key in var.access.read_objects : "arn:${local.partition}:s3:::${key}"]
    }
    # Below a prefix an object may be missing. S3 says so (404) to those who may list the bucket;
    # to others it is as forbidden as any (403).
    NoticeMissingObjects = {
      actions = ["s3:ListBucket"]
      resources = distinct([
        for key in var.access.read_objects :
        "arn:${local.partition}:s3:::${split("/", key)[0]}" if endswith(key, "*")
      ])
    }
    WriteObjects = {
      actions   = ["s3:PutObject"]
      resources = [for key in var.access.write_objects : "arn:${local.partition}:s3:::${key}"]
    }
    AttachToVpc = {
      actions   = local.vpc_actions
      resources = var.network == null ? [] : ["*"] # reason in network.tf
    }
    SendTraces = {
      actions   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
      resources = var.tracing ? ["*"] : [] # X-Ray has no resources that a policy could name
    }
    UseFileSystem = {
      actions   = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
      resources = var.file_system[*].file_system_arn
      condition = {
        StringEquals = {
          "elasticfilesystem:AccessPointArn" = var.file_system[*].access_point_arn
        }
      }
    }
  }

  # Of what module and caller permit, as IAM writes it: without a condition where there is none.
  allowed = [
    for sid, permission in merge(local.permissions, var.access.statements) : merge(
      {
        Sid      = sid
        Effect   = "Allow"
        Action   = permission.actions
        Resource = permission.resources
      },
      {
        for key, condition in { Condition = try(permission.condition, {}) } :
        key => condition if length(condition) > 0
      },
    ) if length(permission.resources) > 0
  ]

  own_sids = [
    "AttachToVpc", "KeepDeadLetters", "KeepVpcFromCode", "NoticeMissingObjects", "ReadObjects",
    "ReadSecrets", "SendTraces", "UseFileSystem", "WriteObjects", "WriteOwnLogs",
  ]

  # Actions that work on "*" only, says AWS's Service Authorization Reference
  # (https://docs.aws.amazon.com/service-authorization/latest/reference/).
  unnamed_actions = "^(cloudwatch:PutMetricData|dynamodb:ListExports|ec2:Describe\\w+)$"
}

resource "aws_iam_role" "this" {
  name        = var.name
  description = "What the Lambda function ${var.name} may do"

  permissions_boundary = var.access.boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  name = "given-access"
  role = aws_iam_role.this.id

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat(local.allowed, local.vpc_denied)
  })
}

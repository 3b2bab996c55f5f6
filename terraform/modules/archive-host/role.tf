locals {
  archive_bucket_arn = "arn:${local.partition}:s3:::${var.archive_bucket}"
  lists_bucket_arn   = "arn:${local.partition}:s3:::${var.lists.bucket}"

  secrets = distinct(concat(
    [for share in values(var.shares) : share.credentials_secret_arn], var.page_login_secret_arn[*],
  ))

  # What the host may do follows from what it is given. A permission without resources is not
  # granted. No statement here deletes anything, and one below refuses it.
  permissions = {
    ArchiveAndRestore = {
      actions = [
        "s3:AbortMultipartUpload",
        "s3:GetObject",
        "s3:GetObjectVersion",
        "s3:PutObject",
        "s3:RestoreObject",
      ]
      resources = ["${local.archive_bucket_arn}/*"]
    }
    ListTheArchive = {
      actions = [
        "s3:GetBucketVersioning",
        "s3:ListBucket",
        "s3:ListBucketVersions",
      ]
      resources = [local.archive_bucket_arn]
    }
    KeepListsAndDumps = {
      actions = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]
      resources = [
        for prefix in [var.lists.prefix, var.lists.dumps_prefix] :
        "${local.lists_bucket_arn}/${prefix}*"
      ]
    }
    ReadInventory = {
      actions   = ["s3:GetObject"]
      resources = ["${local.lists_bucket_arn}/${var.lists.inventory_prefix}*"]
    }
    ListListsAndDumps = {
      actions   = ["s3:ListBucket"]
      resources = [local.lists_bucket_arn]
    }
    FetchPackage = {
      actions   = ["s3:GetObject"]
      resources = ["arn:${local.partition}:s3:::${var.package.bucket}/${var.package.key}"]
    }
    ReadOwnConfiguration = {
      actions   = ["ssm:GetParameter"]
      resources = [aws_ssm_parameter.configuration.arn]
    }
    ReadSecrets = {
      actions   = ["secretsmanager:GetSecretValue"]
      resources = local.secrets
    }
    UseKeys = {
      actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
      resources = tolist(var.access.kms_key_arns)
    }
    FollowBatchRestores = {
      actions = ["s3:DescribeJob"]
      resources = [
        for role in var.access.batch_role_arn[*] :
        join(":", ["arn", local.partition, "s3", local.region, local.account, "job/*"])
      ]
    }
    StartBatchRestores = {
      actions   = ["s3:CreateJob"]
      resources = [for role in var.access.batch_role_arn[*] : "*"] # a job has no name before it is
    }
    HandOverBatchRole = {
      actions   = ["iam:PassRole"]
      resources = var.access.batch_role_arn[*]
      condition = { StringEquals = { "iam:PassedToService" = "batchoperations.s3.amazonaws.com" } }
    }
    PublishMetrics = {
      actions   = ["cloudwatch:PutMetricData"]
      resources = ["*"] # metrics have no ARNs; the namespace is the limit
      condition = { StringEquals = { "cloudwatch:namespace" = local.namespace } }
    }
    ReadPrices = {
      actions   = ["pricing:GetProducts"]
      resources = ["*"] # the price list has no ARNs
    }
    # What Session Manager and Run Command need. AWS's own policy for it, which is
    # AmazonSSMManagedInstanceCore, would also let the host read every parameter of the account.
    ServeSessions = {
      actions = [
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ]
      resources = ["*"] # channels have no ARNs
    }
  }

  allowed = [
    for sid, permission in local.permissions : merge(
      {
        Sid      = sid
        Effect   = "Allow"
        Action   = permission.actions
        Resource = permission.resources
      },
      { for condition in try([permission.condition], []) : "Condition" => condition },
    ) if length(permission.resources) > 0
  ]

  # Refused even if another policy on this role should allow it one day.
  denied = [{
    Sid    = "NeverDelete"
    Effect = "Deny"
    Action = [
      "s3:BypassGovernanceRetention",
      "s3:DeleteBucket*",
      "s3:DeleteObject*",
      "s3:PutBucketVersioning",
      "s3:PutLifecycleConfiguration",
    ]
    Resource = [
      local.archive_bucket_arn,
      "${local.archive_bucket_arn}/*",
      local.lists_bucket_arn,
      "${local.lists_bucket_arn}/*",
    ]
  }]
}

resource "aws_iam_role" "this" {
  name        = var.name
  description = "What the archive host ${var.name} may do"

  permissions_boundary = var.access.boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  name = "given-access"
  role = aws_iam_role.this.id

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat(local.allowed, local.denied)
  })
}

resource "aws_iam_instance_profile" "this" {
  name = var.name
  role = aws_iam_role.this.name
}

# An apply may make roles and write their policies, so it could give a function more than it has
# itself. A boundary ends that: every role it makes carries this policy (roles.tf insists), and
# what is not allowed here is refused to a job, whatever its own policy says. It grants nothing.
#
# A further kind of access in a module that makes roles is one more line here.

locals {
  all_names = flatten([for system in sort(keys(local.names)) : local.names[system]])
  arns      = { for service in ["logs", "sqs"] : service => "arn:aws:${service}:${var.region}:${local.account}" }

  boundary = [
    {
      Sid    = "WhatJobsMayEverDo"
      Effect = "Allow"
      Action = [
        "cloudwatch:PutMetricData",
        "dynamodb:DescribeContinuousBackups",
        "dynamodb:DescribeExport",
        "dynamodb:DescribeTable",
        "dynamodb:ExportTableToPointInTime",
        "dynamodb:ListExports",
        "dynamodb:Scan",
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:UnassignPrivateIpAddresses",
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:GetAuthorizationToken",
        "ecr:GetDownloadUrlForLayer",
        "ecs:DeregisterContainerInstance",
        "ecs:DescribeServices",
        "ecs:DiscoverPollEndpoint",
        "ecs:Poll",
        "ecs:RegisterContainerInstance",
        "ecs:StartTelemetrySession",
        "ecs:SubmitAttachmentStateChanges",
        "ecs:SubmitContainerStateChange",
        "ecs:SubmitTaskStateChange",
        "ecs:UpdateContainerInstancesState",
        "ecs:UpdateService",
        "elasticfilesystem:ClientMount",
        "elasticfilesystem:ClientWrite",
        "elasticfilesystem:CreateMountTarget",
        "elasticfilesystem:DescribeFileSystems",
        "elasticfilesystem:DescribeMountTargets",
        "events:PutEvents",
        "kms:Decrypt",
        "kms:GenerateDataKey",
        "pricing:GetProducts",
        "s3:AbortMultipartUpload",
        "s3:CreateJob",
        "s3:DescribeJob",
        "s3:GetBucketVersioning",
        "s3:GetObject",
        "s3:GetObjectVersion",
        "s3:ListBucket", # tells a missing object from a forbidden one
        "s3:ListBucketVersions",
        "s3:PutObject",
        "s3:PutObjectAcl",
        "s3:RestoreObject",
        "secretsmanager:GetSecretValue",
        "ssm:GetParameter",
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
      ]
      Resource = "*"
    },
    {
      Sid      = "OwnLogs"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = [for name in local.all_names : "${local.arns.logs}:log-group:/aws/*/${name}:*"]
    },
    {
      Sid      = "OwnMountLists"
      Effect   = "Allow"
      Action   = "ssm:PutParameter"
      Resource = "arn:aws:ssm:${var.region}:${local.account}:parameter/app/efs/*"
    },
    {
      # What was moved to its partition is deleted where it was; no other job deletes anything.
      Sid      = "OwnExports"
      Effect   = "Allow"
      Action   = "s3:DeleteObject"
      Resource = [for name in lookup(local.buckets, "dynamodb-export", ["none"]) : "arn:aws:s3:::${name}/*"]
    },
    {
      Sid      = "OwnQueues"
      Effect   = "Allow"
      Action   = "sqs:SendMessage"
      Resource = [for name in local.all_names : "${local.arns.sqs}:${name}"]
    },
    {
      # A restore of many objects is S3's job, with a role of its own.
      Sid       = "OwnRolesToS3"
      Effect    = "Allow"
      Action    = "iam:PassRole"
      Resource  = [for name in local.all_names : "arn:aws:iam::${local.account}:role/${name}"]
      Condition = { StringEquals = { "iam:PassedToService" = "batchoperations.s3.amazonaws.com" } }
    },
    {
      Sid      = "NeverState"
      Effect   = "Deny"
      Action   = "s3:*"
      Resource = [local.state_bucket, "${local.state_bucket}/*"]
    },
  ]
}

resource "aws_iam_policy" "boundary" {
  name        = "${local.own}-boundary"
  description = "The most that a job of ${var.environment} may do; it grants nothing by itself"
  policy      = jsonencode({ Version = "2012-10-17", Statement = local.boundary })
}

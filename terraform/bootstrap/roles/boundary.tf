# An apply may make roles and write their policies, so it could give a function more than it has
# itself. A boundary ends that: every role it makes carries this policy (roles.tf insists), and
# what is not allowed here is refused to a job, whatever its own policy says. It grants nothing.
#
# A further kind of access in a module that makes roles is one more line here.

locals {
  # Names are long and a policy is short: a log is named as its function is, a queue begins so.
  loggers = distinct(flatten([
    for policy in values(local.contents) : [for name in policy.names : name if !endswith(name, "-*")]
    if length(setintersection(policy.kinds, ["log_groups", "services"])) > 0
  ]))
  queues = distinct(flatten([
    for policy in values(local.contents) : [for name in policy.names : name if endswith(name, "*")]
    if contains(policy.kinds, "queues")
  ]))
  parameters = ["app/efs", "cis-filesearch"]
  restorers  = try(local.contents["archive"].names, ["none"])
  arns       = { for service in ["logs", "sqs", "ssm"] : service => "arn:aws:${service}:${var.region}:${local.account}" }

  boundary = [
    {
      Sid    = "WhatJobsMayEverDo"
      Effect = "Allow"
      Action = [
        "cloudwatch:PutMetricData",
        "datasync:CancelTaskExecution",
        "datasync:DescribeAgent",
        "datasync:DescribeTaskExecution",
        "datasync:StartTaskExecution",
        "dynamodb:BatchGetItem",
        "dynamodb:BatchWriteItem",
        "dynamodb:DescribeContinuousBackups",
        "dynamodb:DescribeExport",
        "dynamodb:DescribeTable",
        "dynamodb:ExportTableToPointInTime",
        "dynamodb:ListExports",
        "dynamodb:Scan",
        "dynamodb:UpdateItem",
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:CreateTags",
        "ec2:CreateVpnConnection",
        "ec2:CreateVpnConnectionRoute",
        "ec2:DeleteNetworkInterface",
        "ec2:DeleteVpnConnection",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpnConnections",
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
        "es:ESHttpDelete",
        "es:ESHttpGet",
        "es:ESHttpHead",
        "es:ESHttpPost",
        "es:ESHttpPut",
        "events:PutEvents",
        "kms:Decrypt",
        "kms:GenerateDataKey",
        "lambda:InvokeFunction",
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:DescribeLogGroups",
        "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:UpdateLogDelivery",
        "pricing:GetProducts",
        "s3:AbortMultipartUpload",
        "s3:CreateJob",
        "s3:DescribeJob",
        "s3:GetBucketLocation",
        "s3:GetBucketVersioning",
        "s3:GetObject",
        "s3:GetObjectTagging",
        "s3:GetObjectVersion",
        "s3:GetObjectVersionTagging",
        "s3:ListBucket", # tells a missing object from a forbidden one
        "s3:ListBucketMultipartUploads",
        "s3:ListBucketVersions",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
        "s3:PutObjectAcl",
        "s3:PutObjectTagging",
        "s3:RestoreObject",
        "secretsmanager:GetSecretValue",
        "sns:Publish",
        "ssm:GetParameter",
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
        "states:DescribeExecution",
        "states:DescribeStateMachine",
        "states:GetExecutionHistory",
        "states:ListExecutions",
        "states:StartExecution",
        "states:StopExecution",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
      ]
      Resource = "*"
    },
    {
      Sid      = "OwnLogs"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = [for name in local.loggers : "${local.arns.logs}:log-group:/aws/*/${name}:*"]
    },
    {
      Sid      = "OwnParameters"
      Effect   = "Allow"
      Action   = "ssm:PutParameter"
      Resource = [for path in local.parameters : "${local.arns.ssm}:parameter/${path}/*"]
    },
    {
      # What was moved to its partition is deleted where it was, and what has gone from a NAS where it
      # was copied to; no other job deletes anything.
      Sid    = "OwnExportsAndCopies"
      Effect = "Allow"
      Action = "s3:DeleteObject"
      Resource = concat(
        [for name in lookup(local.buckets, "dynamodb-export", ["none"]) : "arn:aws:s3:::${name}/*"],
        [for name in lookup(local.buckets, "nas-sync", []) : "arn:aws:s3:::${name}/monthly-sync/*"],
      )
    },
    {
      Sid      = "OwnQueues"
      Effect   = "Allow"
      Action   = "sqs:SendMessage"
      Resource = [for name in local.queues : "${local.arns.sqs}:${name}"]
    },
    {
      # A restore of many objects is S3's job, with a role of its own.
      Sid       = "OwnRolesToS3"
      Effect    = "Allow"
      Action    = "iam:PassRole"
      Resource  = [for name in local.restorers : "arn:aws:iam::${local.account}:role/${name}"]
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

# An apply may make roles and write their policies, so it could give a function more than it has
# itself. A boundary ends that: every role it makes carries this policy (roles.tf insists), and
# what is not allowed here is refused to a job, whatever its own policy says. It grants nothing.
#
# A further kind of access in terraform/modules/function is one more line here.

locals {
  boundary = [
    {
      Sid    = "WhatJobsMayEverDo"
      Effect = "Allow"
      Action = [
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:UnassignPrivateIpAddresses",
        "s3:GetObject",
        "s3:ListBucket", # tells a missing object from a forbidden one
        "s3:PutObject",
        "secretsmanager:GetSecretValue",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
      ]
      Resource = "*"
    },
    {
      Sid      = "OwnLogs"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = [for arn in local.log_groups : "${arn}:*"]
    },
    {
      Sid      = "OwnQueues"
      Effect   = "Allow"
      Action   = "sqs:SendMessage"
      Resource = local.queues
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

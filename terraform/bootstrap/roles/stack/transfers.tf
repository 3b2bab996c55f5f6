# DataSync: agents, locations, tasks. Their ids say nothing about an environment; the tags that
# stacks give do.
locals {
  datasync_arn           = "arn:aws:datasync:${var.region}:${var.account}:*"
  transfer_log_group_arn = "arn:aws:logs:${var.region}:${var.account}:log-group:/aws/datasync*"

  transfers = {
    plan = [
      {
        Sid    = "ReadTransfers"
        Effect = "Allow"
        Action = [
          "datasync:DescribeAgent",
          "datasync:DescribeLocationNfs",
          "datasync:DescribeLocationS3",
          "datasync:DescribeLocationSmb",
          "datasync:DescribeTask",
          "datasync:ListTagsForResource",
        ]
        Resource  = local.datasync_arn
        Condition = local.tagged
      },
      {
        Sid      = "ReadNasPassword"
        Effect   = "Allow"
        Action   = "secretsmanager:GetSecretValue"
        Resource = "arn:aws:secretsmanager:${var.region}:${var.account}:secret:CIS-NAS-*"
      },
      {
        Sid      = "ReadTransferLogGroupTags"
        Effect   = "Allow"
        Action   = "logs:ListTagsForResource"
        Resource = local.transfer_log_group_arn
      },
      {
        Sid      = "FindWhoMayWriteLogs"
        Effect   = "Allow"
        Action   = "logs:DescribeResourcePolicies"
        Resource = "*" # AWS offers no resource for it
      },
    ]

    apply = [
      {
        Sid    = "MakeTaggedTransfers"
        Effect = "Allow"
        Action = [
          "datasync:CreateAgent",
          "datasync:CreateLocationNfs",
          "datasync:CreateLocationS3",
          "datasync:CreateLocationSmb",
          "datasync:CreateTask",
        ]
        Resource  = "*" # what is being made has no name yet
        Condition = local.tagging
      },
      {
        Sid    = "ManageTransfers"
        Effect = "Allow"
        Action = [
          "datasync:CreateTask", # from locations that are there
          "datasync:DeleteAgent",
          "datasync:DeleteLocation",
          "datasync:DeleteTask",
          "datasync:TagResource",
          "datasync:UntagResource",
          "datasync:UpdateAgent",
          "datasync:UpdateLocationNfs",
          "datasync:UpdateLocationS3",
          "datasync:UpdateLocationSmb",
          "datasync:UpdateTask",
        ]
        Resource  = local.datasync_arn
        Condition = local.tagged
      },
      {
        # An agent behind an endpoint is reached through interfaces that DataSync makes in the name
        # of who makes the task.
        # https://docs.aws.amazon.com/datasync/latest/userguide/required-network-interfaces.html
        Sid    = "PutTransfersIntoNetwork"
        Effect = "Allow"
        Action = [
          "ec2:CreateNetworkInterface",
          "ec2:CreateNetworkInterfacePermission",
          "ec2:ModifyNetworkInterfaceAttribute",
        ]
        Resource = ["${local.ec2}:network-interface/*", "${local.ec2}:security-group/*", "${local.ec2}:subnet/*"]
      },
      {
        Sid    = "ManageTransferLogGroup"
        Effect = "Allow"
        Action = [
          "logs:CreateLogGroup",
          "logs:DeleteLogGroup",
          "logs:PutRetentionPolicy",
          "logs:TagResource",
          "logs:UntagResource",
        ]
        Resource = local.transfer_log_group_arn
      },
      {
        # DataSync writes its log as a service that the account admits.
        Sid      = "LetServicesWriteLogs"
        Effect   = "Allow"
        Action   = ["logs:DeleteResourcePolicy", "logs:PutResourcePolicy"]
        Resource = "*" # AWS offers no resource for them
      },
    ]
  }
}

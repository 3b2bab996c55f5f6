# EFS file systems with what belongs to them, the KMS keys they are encrypted with, and the lists of
# mount targets in SSM. Ids say nothing about an environment; the tags that stacks give do.
locals {
  efs              = "arn:aws:elasticfilesystem:${var.region}:${var.account}"
  file_system_arns = ["${local.efs}:file-system/*", "${local.efs}:access-point/*"]
  key_arn          = "arn:aws:kms:${var.region}:${var.account}:key/*"
  alias_arns       = [for name in var.names : "arn:aws:kms:${var.region}:${var.account}:alias/${name}"]
  list_arn         = "arn:aws:ssm:${var.region}:${var.account}:parameter/app/efs/*"
  interfaces_arn   = "${local.ec2}:network-interface/*"

  file_systems = {
    plan = [
      {
        Sid    = "ReadFileSystems"
        Effect = "Allow"
        Action = [
          "elasticfilesystem:DescribeAccessPoints",
          "elasticfilesystem:DescribeBackupPolicy",
          "elasticfilesystem:DescribeFileSystemPolicy",
          "elasticfilesystem:DescribeFileSystems",
          "elasticfilesystem:DescribeLifecycleConfiguration",
          "elasticfilesystem:DescribeMountTargetSecurityGroups",
          "elasticfilesystem:DescribeMountTargets",
          "elasticfilesystem:ListTagsForResource",
        ]
        Resource = local.file_system_arns
      },
      {
        Sid    = "ReadKeys"
        Effect = "Allow"
        Action = [
          "kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags",
        ]
        Resource  = local.key_arn
        Condition = local.tagged
      },
      {
        Sid      = "FindAliasesAndLists"
        Effect   = "Allow"
        Action   = ["kms:ListAliases", "ssm:DescribeParameters"]
        Resource = "*" # AWS offers no resource for them
      },
      {
        Sid      = "ReadLists"
        Effect   = "Allow"
        Action   = ["ssm:GetParameter", "ssm:GetParameters", "ssm:ListTagsForResource"]
        Resource = local.list_arn
      },
    ]

    apply = [
      {
        Sid       = "MakeTaggedFileSystems"
        Effect    = "Allow"
        Action    = "elasticfilesystem:CreateFileSystem"
        Resource  = "*" # a file system that is being made has no name yet
        Condition = local.tagging
      },
      {
        # Whoever could tag what is there could make it his own.
        # https://docs.aws.amazon.com/efs/latest/ug/using-tags-efs.html
        Sid      = "TagNewFileSystems"
        Effect   = "Allow"
        Action   = "elasticfilesystem:TagResource"
        Resource = local.file_system_arns
        Condition = {
          StringEquals = { "elasticfilesystem:CreateAction" = ["CreateAccessPoint", "CreateFileSystem"] }
        }
      },
      {
        Sid    = "ManageFileSystems"
        Effect = "Allow"
        Action = [
          "elasticfilesystem:CreateAccessPoint",
          "elasticfilesystem:CreateMountTarget",
          "elasticfilesystem:DeleteAccessPoint",
          "elasticfilesystem:DeleteFileSystem",
          "elasticfilesystem:DeleteFileSystemPolicy",
          "elasticfilesystem:DeleteMountTarget",
          "elasticfilesystem:ModifyMountTargetSecurityGroups",
          "elasticfilesystem:PutBackupPolicy",
          "elasticfilesystem:PutFileSystemPolicy",
          "elasticfilesystem:PutLifecycleConfiguration",
          "elasticfilesystem:TagResource",
          "elasticfilesystem:UntagResource",
          "elasticfilesystem:UpdateFileSystem",
          "elasticfilesystem:UpdateFileSystemProtection",
        ]
        Resource  = local.file_system_arns
        Condition = local.tagged
      },
      {
        # A mount target's network interface is made in the name of who asks for the target.
        Sid      = "PutMountTargetsIntoNetwork"
        Effect   = "Allow"
        Action   = ["ec2:CreateNetworkInterface", "ec2:ModifyNetworkInterfaceAttribute"]
        Resource = [local.interfaces_arn, "${local.ec2}:security-group/*", "${local.ec2}:subnet/*"]
      },
      {
        # AWS makes the service's own role with the first file system of an account.
        # https://docs.aws.amazon.com/efs/latest/ug/using-service-linked-roles.html
        Sid       = "LetEfsHaveItsRole"
        Effect    = "Allow"
        Action    = "iam:CreateServiceLinkedRole"
        Resource  = "arn:aws:iam::${var.account}:role/aws-service-role/elasticfilesystem.amazonaws.com/*"
        Condition = { StringEquals = { "iam:AWSServiceName" = "elasticfilesystem.amazonaws.com" } }
      },
      {
        Sid       = "MakeTaggedKeys"
        Effect    = "Allow"
        Action    = "kms:CreateKey"
        Resource  = "*" # a key that is being made has no name yet
        Condition = local.tagging
      },
      {
        # KMS doesn't tell a key that is being made: one without the tag counts as new.
        Sid       = "TagNewKeys"
        Effect    = "Allow"
        Action    = "kms:TagResource"
        Resource  = "*"
        Condition = merge(local.tagging, { Null = { "aws:ResourceTag/project" = "true" } })
      },
      {
        Sid    = "ManageKeys"
        Effect = "Allow"
        Action = [
          "kms:CreateAlias",
          "kms:DeleteAlias",
          "kms:EnableKeyRotation",
          "kms:PutKeyPolicy",
          "kms:ScheduleKeyDeletion",
          "kms:TagResource",
          "kms:UntagResource",
          "kms:UpdateKeyDescription",
        ]
        Resource  = local.key_arn
        Condition = local.tagged
      },
      {
        # EFS works with grants on the key of a file system.
        Sid       = "LetFileSystemsUseKeys"
        Effect    = "Allow"
        Action    = "kms:CreateGrant"
        Resource  = local.key_arn
        Condition = merge(local.tagged, { Bool = { "kms:GrantIsForAWSResource" = "true" } })
      },
      {
        Sid      = "NameKeys"
        Effect   = "Allow"
        Action   = ["kms:CreateAlias", "kms:DeleteAlias"]
        Resource = local.alias_arns
      },
      {
        Sid    = "ManageLists"
        Effect = "Allow"
        Action = [
          "ssm:AddTagsToResource",
          "ssm:DeleteParameter",
          "ssm:PutParameter",
          "ssm:RemoveTagsFromResource",
        ]
        Resource = local.list_arn
      },
    ]
  }
}

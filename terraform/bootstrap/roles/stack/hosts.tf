# Machines with their volumes and configuration. Ids say nothing about an instance's
# environment; the tags that stacks give do. Their security groups: ../network.tf.
locals {
  ec2 = "arn:aws:ec2:${var.region}:${var.account}"
  configuration_arns = [
    for name in var.names : "arn:aws:ssm:${var.region}:${var.account}:parameter/batchworks/${name}"
  ]
  # What AWS tells everybody, such as the newest image of a system.
  public_parameters = "arn:aws:ssm:${var.region}::parameter/aws/service/*"

  machines = ["${local.ec2}:instance/*", "${local.ec2}:volume/*"]
  tagged   = { StringEquals = { for tag, value in var.own_tags : "aws:ResourceTag/${tag}" => value } }
  tagging  = { StringEquals = { for tag, value in var.own_tags : "aws:RequestTag/${tag}" => value } }

  hosts = {
    plan = [
      {
        Sid    = "ReadHosts"
        Effect = "Allow"
        Action = [
          "ec2:DescribeImages",
          "ec2:DescribeInstanceAttribute",
          "ec2:DescribeInstanceCreditSpecifications",
          "ec2:DescribeInstanceTypes",
          "ec2:DescribeInstances",
          "ec2:DescribeSnapshots",
          "ec2:DescribeTags",
          "ec2:DescribeVolumes",
          "ssm:DescribeParameters",
        ]
        Resource = "*" # AWS offers no resource for them
      },
      {
        Sid      = "ReadConfigurations"
        Effect   = "Allow"
        Action   = ["ssm:GetParameter", "ssm:GetParameters", "ssm:ListTagsForResource"]
        Resource = local.configuration_arns
      },
      {
        Sid      = "ReadPublicParameters"
        Effect   = "Allow"
        Action   = "ssm:GetParameter"
        Resource = local.public_parameters
      },
    ]

    apply = [
      {
        Sid       = "MakeTaggedHosts"
        Effect    = "Allow"
        Action    = ["ec2:CreateVolume", "ec2:RunInstances"]
        Resource  = local.machines
        Condition = local.tagging
      },
      {
        # What a new machine is made from and put into.
        Sid    = "PutHostsIntoNetwork"
        Effect = "Allow"
        Action = "ec2:RunInstances"
        Resource = [
          "arn:aws:ec2:${var.region}::image/*",
          "${local.ec2}:network-interface/*",
          "${local.ec2}:security-group/*",
          "${local.ec2}:subnet/*",
        ]
      },
      {
        Sid      = "TagNewHosts"
        Effect   = "Allow"
        Action   = "ec2:CreateTags"
        Resource = concat(local.machines, [local.snapshots])
        Condition = {
          StringEquals = { "ec2:CreateAction" = ["CreateSnapshot", "CreateVolume", "RunInstances"] }
        }
      },
      {
        Sid    = "ManageHosts"
        Effect = "Allow"
        Action = [
          "ec2:AssociateIamInstanceProfile",
          "ec2:AttachVolume",
          "ec2:CreateSnapshot",
          "ec2:CreateTags",
          "ec2:DeleteTags",
          "ec2:DeleteVolume",
          "ec2:DetachVolume",
          "ec2:ModifyInstanceAttribute",
          "ec2:ModifyInstanceMetadataOptions",
          "ec2:ModifyVolume",
          "ec2:MonitorInstances",
          "ec2:StartInstances",
          "ec2:StopInstances",
          "ec2:TerminateInstances",
          "ec2:UnmonitorInstances",
        ]
        Resource  = local.machines
        Condition = local.tagged
      },
      {
        Sid      = "KeepLastSnapshots"
        Effect   = "Allow"
        Action   = "ec2:CreateSnapshot"
        Resource = local.snapshots
      },
      {
        Sid       = "GiveRolesToHosts"
        Effect    = "Allow"
        Action    = "iam:PassRole"
        Resource  = local.role_arns
        Condition = { StringEquals = { "iam:PassedToService" = "ec2.amazonaws.com" } }
      },
      {
        Sid    = "ManageConfigurations"
        Effect = "Allow"
        Action = [
          "ssm:AddTagsToResource",
          "ssm:DeleteParameter",
          "ssm:PutParameter",
          "ssm:RemoveTagsFromResource",
        ]
        Resource = local.configuration_arns
      },
    ]
  }

  snapshots = "arn:aws:ec2:${var.region}::snapshot/*"
}

locals {
  ec2                  = "arn:aws:ec2:${var.region}:${local.account}"
  vpc                  = "${local.ec2}:vpc/${var.network.vpc_id}"
  security_groups      = "${local.ec2}:security-group/*"
  security_group_rules = "${local.ec2}:security-group-rule/*"

  # Ids say nothing about a security group's environment; the tags that stacks give do.
  own_tags = { project = "batchworks", environment = var.environment }

  tagged   = { StringEquals = { for tag, value in local.own_tags : "aws:ResourceTag/${tag}" => value } }
  tagging  = { StringEquals = { for tag, value in local.own_tags : "aws:RequestTag/${tag}" => value } }
  database = [for id in var.network.database_security_group_id[*] : "${local.ec2}:security-group/${id}"]

  network = {
    plan = [
      {
        # Lambda asks for some of them when it puts a function into a VPC.
        Sid    = "ReadNetwork"
        Effect = "Allow"
        Action = [
          "ec2:DescribeRouteTables",
          "ec2:DescribeSecurityGroupRules",
          "ec2:DescribeSecurityGroups",
          "ec2:DescribeSubnets",
          "ec2:DescribeVpcs",
        ]
        Resource = "*" # AWS offers no resource for them
      },
      {
        Sid      = "ReadVpc"
        Effect   = "Allow"
        Action   = "ec2:DescribeVpcAttribute"
        Resource = local.vpc
      },
    ]

    apply = concat(local.manage_security_groups, local.manage_database_rules)
  }

  manage_security_groups = [
    {
      Sid      = "MakeSecurityGroupsInVpc"
      Effect   = "Allow"
      Action   = "ec2:CreateSecurityGroup"
      Resource = local.vpc
    },
    {
      Sid       = "MakeTagged"
      Effect    = "Allow"
      Action    = "ec2:CreateSecurityGroup"
      Resource  = local.security_groups
      Condition = local.tagging
    },
    {
      Sid      = "TagWhatIsMade"
      Effect   = "Allow"
      Action   = "ec2:CreateTags"
      Resource = [local.security_groups, local.security_group_rules]
      Condition = {
        StringEquals = {
          "ec2:CreateAction" = [
            "AuthorizeSecurityGroupEgress", "AuthorizeSecurityGroupIngress", "CreateSecurityGroup",
          ]
        }
      }
    },
    {
      Sid    = "ManageOwn"
      Effect = "Allow"
      Action = [
        "ec2:AuthorizeSecurityGroupEgress",
        "ec2:AuthorizeSecurityGroupIngress",
        "ec2:CreateTags",
        "ec2:DeleteSecurityGroup",
        "ec2:DeleteTags",
        "ec2:ModifySecurityGroupRules",
        "ec2:RevokeSecurityGroupEgress",
        "ec2:RevokeSecurityGroupIngress",
      ]
      Resource  = [local.security_groups, local.security_group_rules]
      Condition = local.tagged
    },
    {
      # Adding a rule is a question about the group and about the rule, which has no tags yet.
      Sid       = "AddTaggedRules"
      Effect    = "Allow"
      Action    = ["ec2:AuthorizeSecurityGroupEgress", "ec2:AuthorizeSecurityGroupIngress"]
      Resource  = local.security_group_rules
      Condition = local.tagging
    },
    {
      # Lambda's interfaces outlive their function; Terraform removes them with the group.
      Sid      = "FindLeftInterfaces"
      Effect   = "Allow"
      Action   = "ec2:DescribeNetworkInterfaces"
      Resource = "*" # AWS offers no resource for it
    },
    {
      Sid       = "RemoveLeftInterfaces"
      Effect    = "Allow"
      Action    = ["ec2:DeleteNetworkInterface", "ec2:DetachNetworkInterface"]
      Resource  = "${local.ec2}:network-interface/*"
      Condition = { ArnEquals = { "ec2:Vpc" = local.vpc } }
    },
  ]

  # The database's group belongs to others: rules may come and go, the group itself stays.
  manage_database_rules = length(local.database) == 0 ? [] : [{
    Sid    = "ManageRulesOfDatabase"
    Effect = "Allow"
    Action = [
      "ec2:AuthorizeSecurityGroupIngress",
      "ec2:ModifySecurityGroupRules",
      "ec2:RevokeSecurityGroupIngress",
    ]
    Resource = local.database
  }]
}

# ECS services: clusters, task definitions, the machines below them, and how they scale.
locals {
  ecs = "arn:aws:ecs:${var.region}:${var.account}"
  service_arns = flatten([
    for name in var.names : [
      "${local.ecs}:capacity-provider/${name}",
      "${local.ecs}:cluster/${name}",
      "${local.ecs}:service/${name}/*",
      "${local.ecs}:task-definition/${name}:*",
    ]
  ])
  task_log_group_arns = flatten([
    for name in local.with_qualifiers :
    "arn:aws:logs:${var.region}:${var.account}:log-group:/aws/ecs/${name}"
  ])
  machine_group_arns = [
    for name in var.names :
    "arn:aws:autoscaling:${var.region}:${var.account}:autoScalingGroup:*:autoScalingGroupName/${name}"
  ]
  scaling_arn   = "arn:aws:application-autoscaling:${var.region}:${var.account}:scalable-target/*"
  templates_arn = "${local.ec2}:launch-template/*"

  # Services whose own role AWS makes with the first thing of theirs in an account.
  service_principals = [
    "autoscaling.amazonaws.com", "ecs.amazonaws.com", "ecs.application-autoscaling.amazonaws.com",
  ]

  services = {
    plan = [
      {
        Sid    = "ReadServices"
        Effect = "Allow"
        Action = [
          "ecs:DescribeCapacityProviders",
          "ecs:DescribeClusters",
          "ecs:DescribeServices",
          "ecs:ListTagsForResource",
        ]
        Resource = local.service_arns
      },
      {
        Sid    = "FindServices"
        Effect = "Allow"
        Action = [
          "application-autoscaling:DescribeScalableTargets",
          "application-autoscaling:DescribeScalingPolicies",
          "autoscaling:DescribeAutoScalingGroups",
          "autoscaling:DescribeScalingActivities",
          "ec2:DescribeLaunchTemplateVersions",
          "ec2:DescribeLaunchTemplates",
          "ecs:DescribeTaskDefinition",
        ]
        Resource = "*" # AWS offers no resource for them
      },
      {
        Sid      = "ReadScaling"
        Effect   = "Allow"
        Action   = "application-autoscaling:ListTagsForResource"
        Resource = local.scaling_arn
      },
      {
        Sid      = "ReadTaskLogGroupTags"
        Effect   = "Allow"
        Action   = "logs:ListTagsForResource"
        Resource = local.task_log_group_arns
      },
    ]

    apply = [
      {
        Sid    = "ManageServices"
        Effect = "Allow"
        Action = [
          "ecs:CreateCapacityProvider",
          "ecs:CreateCluster",
          "ecs:CreateService",
          "ecs:DeleteCapacityProvider",
          "ecs:DeleteCluster",
          "ecs:DeleteService",
          "ecs:PutClusterCapacityProviders",
          "ecs:RegisterTaskDefinition",
          "ecs:TagResource",
          "ecs:UntagResource",
          "ecs:UpdateCapacityProvider",
          "ecs:UpdateCluster",
          "ecs:UpdateClusterSettings",
          "ecs:UpdateService",
        ]
        Resource = local.service_arns
      },
      {
        Sid      = "RetireTaskDefinitions"
        Effect   = "Allow"
        Action   = "ecs:DeregisterTaskDefinition"
        Resource = "*" # AWS offers no resource for it
      },
      {
        Sid    = "ManageScaling"
        Effect = "Allow"
        Action = [
          "application-autoscaling:DeleteScalingPolicy",
          "application-autoscaling:DeregisterScalableTarget",
          "application-autoscaling:PutScalingPolicy",
          "application-autoscaling:RegisterScalableTarget",
        ]
        Resource  = local.scaling_arn
        Condition = { StringEquals = { "application-autoscaling:service-namespace" = "ecs" } }
      },
      {
        # These tell no namespace.
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsapplicationautoscaling.html
        Sid      = "TagScaling"
        Effect   = "Allow"
        Action   = ["application-autoscaling:TagResource", "application-autoscaling:UntagResource"]
        Resource = local.scaling_arn
      },
      {
        Sid    = "ManageMachineGroups"
        Effect = "Allow"
        Action = [
          "autoscaling:CreateAutoScalingGroup",
          "autoscaling:CreateOrUpdateTags",
          "autoscaling:DeleteAutoScalingGroup",
          "autoscaling:DeleteTags",
          "autoscaling:SetInstanceProtection",
          "autoscaling:UpdateAutoScalingGroup",
        ]
        Resource = local.machine_group_arns
      },
      {
        Sid       = "MakeTaggedTemplates"
        Effect    = "Allow"
        Action    = "ec2:CreateLaunchTemplate"
        Resource  = local.templates_arn
        Condition = local.tagging
      },
      {
        Sid       = "TagNewTemplates"
        Effect    = "Allow"
        Action    = "ec2:CreateTags"
        Resource  = local.templates_arn
        Condition = { StringEquals = { "ec2:CreateAction" = "CreateLaunchTemplate" } }
      },
      {
        Sid    = "ManageTemplates"
        Effect = "Allow"
        Action = [
          "ec2:CreateLaunchTemplateVersion",
          "ec2:CreateTags",
          "ec2:DeleteLaunchTemplate",
          "ec2:DeleteTags",
          "ec2:ModifyLaunchTemplate",
        ]
        Resource  = local.templates_arn
        Condition = local.tagged
      },
      {
        # EC2 asks who names a template in a group whether he could start its machines himself.
        Sid       = "StartMachinesFromTemplates"
        Effect    = "Allow"
        Action    = ["ec2:CreateTags", "ec2:RunInstances"]
        Resource  = "*" # of machines that are started later
        Condition = { ArnLike = { "ec2:LaunchTemplate" = local.templates_arn } }
      },
      {
        # Who names a template in a group has to be able to read the image's parameter in it.
        # https://docs.aws.amazon.com/autoscaling/ec2/userguide/using-systems-manager-parameters.html
        Sid      = "FindImagesOfMachines"
        Effect   = "Allow"
        Action   = "ssm:GetParameters"
        Resource = local.public_parameters
      },
      {
        Sid       = "LetServicesHaveTheirRoles"
        Effect    = "Allow"
        Action    = "iam:CreateServiceLinkedRole"
        Resource  = "arn:aws:iam::${var.account}:role/aws-service-role/*"
        Condition = { StringEquals = { "iam:AWSServiceName" = local.service_principals } }
      },
      {
        Sid      = "GiveRolesToTasks"
        Effect   = "Allow"
        Action   = "iam:PassRole"
        Resource = local.role_arns
        Condition = {
          StringEquals = { "iam:PassedToService" = ["ec2.amazonaws.com", "ecs-tasks.amazonaws.com"] }
        }
      },
      {
        Sid    = "ManageTaskLogGroups"
        Effect = "Allow"
        Action = [
          "logs:CreateLogGroup",
          "logs:DeleteLogGroup",
          "logs:PutRetentionPolicy",
          "logs:TagResource",
          "logs:UntagResource",
        ]
        Resource = local.task_log_group_arns
      },
    ]
  }
}

# What the apply role may do with what only one system holds. Nothing here reaches AWS.

mock_provider "aws" {
  source          = "../mocks"
  override_during = plan

  mock_resource "aws_iam_policy" {
    defaults = { arn = "arn:aws:iam::123456789012:policy/batchworks-dev-mock" }
  }
}

run "exports_are_named_after_their_jobs" {
  command = plan

  module {
    source = "./roles"
  }

  variables {
    systems = ["dynamodb-export"]
  }

  assert {
    condition = alltrue([
      for arn in flatten([
        for policy in ["dynamodb-export", "dynamodb-export-rules"] : [
          for statement in jsondecode(aws_iam_policy.apply[policy].policy).Statement : statement.Resource
        ]
        ]) : can(regex(
        "[:/](batch-export|dynamodb-export|export-dynamodb|export-follow-up|moderation-craft-data|partition-manager)-dev(-\\*)?(:\\*)?$", arn
      ))
    ])
    error_message = "Functions and all around them bear the names of the jobs in dev."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_role_policy.apply.policy).Statement : alltrue([
        for arn in flatten([statement.Resource]) :
        can(regex("^arn:aws:s3:::moderation-craft-data-dev(/packages/\\*)?$", arn))
      ]) if contains(["ManageBuckets", "ManagePackages"], statement.Sid)
    ])
    error_message = "One bucket, and nothing of what is exported into it."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_policy.apply["dynamodb-export"].policy).Statement :
      statement.Condition.StringEquals["iam:PassedToService"] if contains(flatten([statement.Action]), "iam:PassRole")
    ] == ["lambda.amazonaws.com"]
    error_message = "Roles of the jobs are passed to Lambda only."
  }
}

run "file_systems_and_keys_are_told_apart_by_tags" {
  command = plan

  module {
    source = "./roles"
  }

  variables {
    systems = ["efs-autoscaler"]
  }

  # What exists has the tags; what is made, or tagged, is given them.
  assert {
    condition = alltrue([
      for action in [
        "ec2:DeleteLaunchTemplate", "elasticfilesystem:CreateMountTarget", "elasticfilesystem:DeleteFileSystem",
        "elasticfilesystem:DeleteMountTarget", "elasticfilesystem:PutFileSystemPolicy", "kms:PutKeyPolicy",
        "kms:ScheduleKeyDeletion",
        ] : [
        for statement in flatten([
          for policy in aws_iam_policy.apply : jsondecode(policy.policy).Statement
        ]) : statement.Condition if contains(flatten([statement.Action]), action)
      ] == [{ StringEquals = { "aws:ResourceTag/project" = "batchworks", "aws:ResourceTag/environment" = "dev" } }]
    ])
    error_message = "Only file systems, keys and templates of dev may be changed or deleted."
  }

  assert {
    condition = alltrue([
      for action in [
        "ec2:CreateLaunchTemplate", "elasticfilesystem:CreateFileSystem", "kms:CreateKey",
        ] : [
        for statement in flatten([
          for policy in aws_iam_policy.apply : jsondecode(policy.policy).Statement
        ]) : statement.Condition if contains(flatten([statement.Action]), action)
      ] == [{ StringEquals = { "aws:RequestTag/project" = "batchworks", "aws:RequestTag/environment" = "dev" } }]
    ])
    error_message = "What is made bears the tags of dev."
  }

  # Otherwise the tags of dev could be put on what belongs to others.
  assert {
    condition = alltrue([
      for action in ["ec2:CreateTags", "elasticfilesystem:TagResource", "kms:TagResource"] : alltrue([
        for statement in flatten([for policy in aws_iam_policy.apply : jsondecode(policy.policy).Statement]) :
        anytrue([
          can(statement.Condition.StringEquals["ec2:CreateAction"]),
          can(statement.Condition.StringEquals["elasticfilesystem:CreateAction"]),
          can(statement.Condition.ArnLike["ec2:LaunchTemplate"]), # a machine that starts
          try(statement.Condition.Null["aws:ResourceTag/project"], "") == "true",
          try(statement.Condition.StringEquals["aws:ResourceTag/environment"], "") == "dev",
        ]) if contains(flatten([statement.Action]), action)
      ])
    ])
    error_message = "Tags go on what is being made, and on what has those of dev."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_policy.apply["efs-autoscaler-files"].policy).Statement :
      statement.Condition.Bool if contains(flatten([statement.Action]), "kms:CreateGrant")
    ] == [{ "kms:GrantIsForAWSResource" = "true" }]
    error_message = "A key is lent to services of AWS only."
  }

  assert {
    condition = length(setintersection(
      toset(flatten([
        for policy in aws_iam_policy.apply : [for statement in jsondecode(policy.policy).Statement : statement.Action]
      ])),
      ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite", "kms:Decrypt", "kms:GenerateDataKey"],
    )) == 0
    error_message = "No apply mounts a file system or reads what a key protects."
  }

  assert {
    condition = toset(flatten([
      for statement in jsondecode(aws_iam_policy.apply["efs-autoscaler-files"].policy).Statement :
      statement.Resource if contains(flatten([statement.Action]), "ssm:PutParameter")
    ])) == toset(["arn:aws:ssm:ap-northeast-1:123456789012:parameter/app/efs/*"])
    error_message = "Lists of mount targets, no other parameters."
  }
}

run "services_are_named_and_their_roles_go_to_them_only" {
  command = plan

  module {
    source = "./roles"
  }

  variables {
    systems = ["efs-autoscaler"]
  }

  assert {
    condition = alltrue([
      for arn in flatten([
        for statement in jsondecode(aws_iam_policy.apply["efs-autoscaler-tasks"].policy).Statement : statement.Resource
        if contains(["ManageMachineGroups", "ManageProfiles", "ManageServices", "ManageTaskLogGroups"], statement.Sid)
      ]) : can(regex("/efs-autoscaler-dev(-\\*)?(/\\*|:\\*)?$", arn))
    ])
    error_message = "Clusters, services, groups of machines and their logs are limited by name."
  }

  assert {
    condition = toset([
      for statement in flatten([for policy in aws_iam_policy.apply : jsondecode(policy.policy).Statement]) :
      statement.Sid if statement.Effect == "Allow" && try(statement.Resource, "") == "*" && !can(statement.Condition)
    ]) == toset(["FindAliasesAndLists", "RetireTaskDefinitions"])
    error_message = "Only actions for which AWS offers no resource may say \"*\" without a condition."
  }

  assert {
    condition = {
      for policy in ["efs-autoscaler", "efs-autoscaler-tasks"] : policy => [
        for statement in jsondecode(aws_iam_policy.apply[policy].policy).Statement :
        [statement.Resource, statement.Condition.StringEquals["iam:PassedToService"]]
        if contains(flatten([statement.Action]), "iam:PassRole")
      ]
      } == { for policy, services in {
        efs-autoscaler       = "lambda.amazonaws.com"
        efs-autoscaler-tasks = ["ec2.amazonaws.com", "ecs-tasks.amazonaws.com"]
        } : policy => [[
          [
            "arn:aws:iam::123456789012:role/efs-autoscaler-dev",
            "arn:aws:iam::123456789012:role/efs-autoscaler-dev-*",
          ],
          services,
      ]]
    }
    error_message = "The controller's role goes to Lambda, those of tasks and machines to ECS and EC2."
  }

  assert {
    condition = toset(flatten([
      for statement in flatten([for policy in aws_iam_policy.apply : jsondecode(policy.policy).Statement]) :
      statement.Condition.StringEquals["iam:AWSServiceName"]
      if contains(flatten([statement.Action]), "iam:CreateServiceLinkedRole")
      ])) == toset([
      "autoscaling.amazonaws.com", "ecs.amazonaws.com", "ecs.application-autoscaling.amazonaws.com",
      "elasticfilesystem.amazonaws.com",
    ])
    error_message = "Services that are used get their own roles, no others."
  }
}

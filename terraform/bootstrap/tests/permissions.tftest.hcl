# What the roles may do. Nothing here reaches AWS.

mock_provider "aws" {
  source          = "../mocks"
  override_during = plan

  mock_resource "aws_iam_policy" {
    defaults = { arn = "arn:aws:iam::123456789012:policy/batchworks-dev-mock" }
  }
}

run "plan_reads" {
  command = plan

  module {
    source = "./roles"
  }

  assert {
    condition = alltrue([
      for statement in flatten([
        for policy in concat([aws_iam_role_policy.plan.policy], values(aws_iam_policy.plan)[*].policy) :
        jsondecode(policy).Statement
      ]) :
      alltrue([
        for action in flatten([statement.Action]) : can(regex("^[a-z0-9]+:(Get|List|Describe)[A-Za-z]+$", action))
      ]) if statement.Effect == "Allow" && statement.Sid != "LockState"
    ])
    error_message = "A plan must not be able to change anything but the lock."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.plan.policy).Statement :
      statement.Resource if statement.Sid == "LockState"
    ] == ["arn:aws:s3:::acme-state/dev/*.tfstate.tflock"]
    error_message = "A plan writes the lock of its own environment, nothing else."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.plan.policy).Statement :
      statement.Resource if statement.Sid == "ReadState"
    ] == ["arn:aws:s3:::acme-state/dev/*.tfstate"]
    error_message = "A plan reads the states of its own environment."
  }
}

run "nobody_reads_secrets" {
  command = plan

  module {
    source = "./roles"
  }

  assert {
    condition = alltrue([
      for policy in [aws_iam_role_policy.plan.policy, aws_iam_role_policy.apply.policy] :
      anytrue([
        for statement in jsondecode(policy).Statement :
        contains(flatten([statement.Action]), "secretsmanager:GetSecretValue")
        if statement.Effect == "Deny" && try(statement.Resource, "") == "*" && !can(statement.Condition)
      ])
    ])
    error_message = "Neither role may read the value of a secret, whatever else is allowed."
  }

  # What lies in tables, queues, logs and buckets is no business of Terraform.
  assert {
    condition = length(setintersection(
      toset(flatten([
        for policy in concat(
          [aws_iam_role_policy.plan.policy, aws_iam_role_policy.apply.policy],
          values(aws_iam_policy.plan)[*].policy, values(aws_iam_policy.apply)[*].policy,
        ) : [for statement in jsondecode(policy).Statement : statement.Action if statement.Effect == "Allow"]
      ])),
      [
        "dynamodb:GetItem", "dynamodb:Scan", "lambda:InvokeFunction", "logs:FilterLogEvents",
        "logs:GetLogEvents", "secretsmanager:GetSecretValue", "sqs:ReceiveMessage", "sqs:SendMessage",
        "sts:AssumeRole",
      ],
    )) == 0
    error_message = "Neither role may touch data."
  }
}

run "apply_manages_what_is_named_after_its_environment" {
  command = plan

  module {
    source = "./roles"
  }

  assert {
    condition = alltrue([
      for arn in flatten([
        for statement in jsondecode(aws_iam_policy.apply["sync-batch"].policy).Statement : statement.Resource
        if statement.Resource != "*"
      ]) : can(regex("[:/]sync-batch-dev(-\\*)?(:\\*)?$", arn))
    ])
    error_message = "Functions, layers, roles, queues, topics and rules are limited by name."
  }

  assert {
    condition = toset([
      for statement in flatten([
        for policy in concat([aws_iam_role_policy.apply.policy], values(aws_iam_policy.apply)[*].policy) :
        jsondecode(policy).Statement
      ]) :
      statement.Sid if statement.Effect == "Allow" && try(statement.Resource, "") == "*"
    ]) == toset(["EndSubscriptions", "FindLeftInterfaces", "FindLogGroups", "ReadNetwork", "ReadSubscriptions"])
    error_message = "Only actions for which AWS offers no resource may say \"*\"."
  }

  assert {
    condition = alltrue([
      for action in flatten([
        for policy in concat([aws_iam_role_policy.apply.policy], values(aws_iam_policy.apply)[*].policy) :
        [for statement in jsondecode(policy).Statement : statement.Action if statement.Effect == "Allow"]
      ]) : !strcontains(action, "*")
    ])
    error_message = "Actions are named one by one."
  }
}

run "every_system_is_covered" {
  command = plan

  module {
    source = "./roles"
  }

  variables {
    systems = ["sync-batch", "archive", "dynamodb-export", "efs-autoscaler", "nas-sync"]
  }

  assert {
    condition = {
      for stack in ["archive", "sync-batch"] : stack => [
        for statement in jsondecode(aws_iam_policy.apply[stack].policy).Statement :
        statement.Resource if statement.Sid == "ManageTopics"
      ]
      } == {
      archive = [[
        "arn:aws:sns:ap-northeast-1:123456789012:archive-dev",
        "arn:aws:sns:ap-northeast-1:123456789012:archive-dev-*",
      ]]
      sync-batch = [[
        "arn:aws:sns:ap-northeast-1:123456789012:sync-batch-dev",
        "arn:aws:sns:ap-northeast-1:123456789012:sync-batch-dev-*",
      ]]
    }
    error_message = "Each system brings its own names."
  }

  assert {
    condition     = !strcontains(aws_iam_policy.apply["archive"].policy, "lambda:")
    error_message = "Each system brings what it holds, and nothing else."
  }

  assert {
    condition = alltrue([
      for arn in flatten([
        for statement in jsondecode(aws_iam_role_policy.apply.policy).Statement : statement.Resource
        if contains(["ManageBuckets", "ManagePackages"], statement.Sid)
        ]) : can(regex(
        "^arn:aws:s3:::(batchworks-archive(-\\*)?|moderation-craft-data|cis-filesearch-\\w+-files)-dev(/packages/\\*)?$", arn
      ))
    ])
    error_message = "Buckets are limited by name, and what lies in them to packages."
  }

  assert {
    condition = length(aws_iam_policy.apply) <= 10 && alltrue([
      for policy in concat(values(aws_iam_policy.apply), values(aws_iam_policy.plan), [aws_iam_policy.boundary]) :
      length(policy.policy) <= 6144
    ])
    error_message = "AWS takes 10 policies a role and 6,144 characters a policy: ${jsonencode({
      for name, policy in merge(aws_iam_policy.apply, { boundary = aws_iam_policy.boundary }) :
      name => length(policy.policy)
    })}"
  }

  assert {
    condition = alltrue([
      for policy in [aws_iam_role_policy.plan.policy, aws_iam_role_policy.apply.policy] : length(policy) <= 10240
    ])
    error_message = "AWS takes 10,240 characters within a role: ${length(aws_iam_role_policy.apply.policy)}"
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_policy.apply["archive"].policy).Statement :
      statement.Condition.StringEquals["iam:PassedToService"] if contains(flatten([statement.Action]), "iam:PassRole")
    ] == ["ec2.amazonaws.com"]
    error_message = "Roles of a host are passed to EC2 only."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_policy.apply["archive"].policy).Statement :
      statement.Condition if contains(flatten([statement.Action]), "ec2:TerminateInstances")
    ] == [{ StringEquals = { "aws:ResourceTag/project" = "batchworks", "aws:ResourceTag/environment" = "dev" } }]
    error_message = "Only machines of dev may be ended."
  }
}

run "in_prd_systems_are_named_exactly_except_the_first" {
  command = plan

  module {
    source = "./roles"
  }

  variables {
    environment = "prd"
    systems     = ["sync-batch", "archive"]
    buckets     = { archive = ["acme-archive"] }
  }

  assert {
    condition = flatten([
      for stack in ["archive", "sync-batch"] : [
        for statement in jsondecode(aws_iam_policy.apply[stack].policy).Statement :
        statement.Resource if statement.Sid == "ManageTopics"
      ]
      ]) == [
      "arn:aws:sns:ap-northeast-1:123456789012:archive",
      "arn:aws:sns:ap-northeast-1:123456789012:archive-*",
      "arn:aws:sns:ap-northeast-1:123456789012:sync-batch-prd",
      "arn:aws:sns:ap-northeast-1:123456789012:sync-batch-prd-*",
    ]
    error_message = "Names are exact where they are alone."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.apply.policy).Statement :
      statement.Resource if statement.Sid == "ManageBuckets"
    ] == [["arn:aws:s3:::acme-archive"]]
    error_message = "Buckets may have names of their own."
  }
}

run "apply_cannot_grow" {
  command = plan

  module {
    source = "./roles"
  }

  assert {
    condition = alltrue([
      for action in ["iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"] : [
        for statement in jsondecode(aws_iam_policy.apply["sync-batch"].policy).Statement :
        statement.Condition if contains(flatten([statement.Action]), action)
      ] == [{ StringEquals = { "iam:PermissionsBoundary" = aws_iam_policy.boundary.arn } }]
    ])
    error_message = "A role that an apply makes or strengthens has to carry the boundary."
  }

  assert {
    condition     = !strcontains(aws_iam_policy.apply["sync-batch"].policy, "iam:DeleteRolePermissionsBoundary")
    error_message = "Nobody takes the boundary off."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_policy.apply["sync-batch"].policy).Statement :
      statement.Condition if contains(flatten([statement.Action]), "iam:PassRole")
    ] == [{ StringEquals = { "iam:PassedToService" = "lambda.amazonaws.com" } }]
    error_message = "Roles are passed to Lambda only."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.apply.policy).Statement :
      [statement.Effect, statement.Action, statement.Resource] if statement.Sid == "NotOneself"
      ] == [["Deny", "iam:*", [
        "arn:aws:iam::123456789012:oidc-provider/*",
        "arn:aws:iam::123456789012:policy/batchworks-*",
        "arn:aws:iam::123456789012:role/batchworks-*",
    ]]]
    error_message = "The apply role must not touch itself, its policies or GitHub's provider."
  }
}

run "apply_writes_its_own_state_only" {
  command = plan

  module {
    source = "./roles"
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_role_policy.apply.policy).Statement :
      alltrue([for arn in flatten([statement.Resource]) : startswith(arn, "arn:aws:s3:::acme-state/dev/")])
      if statement.Effect == "Allow" && startswith(flatten([statement.Action])[0], "s3:") && statement.Action != "s3:ListBucket"
    ])
    error_message = "States and locks of dev, no others."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.apply.policy).Statement :
      statement.Resource if statement.Sid == "NoOtherState" && statement.Effect == "Deny"
    ] == [["arn:aws:s3:::acme-state/bootstrap/*", "arn:aws:s3:::acme-state/prd/*"]]
    error_message = "The states of prd and of the bootstrap are out of reach."
  }
}

run "security_groups_are_told_apart_by_tags" {
  command = plan

  module {
    source = "./roles"
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.apply.policy).Statement :
      statement.Condition if contains(flatten([statement.Action]), "ec2:DeleteSecurityGroup")
    ] == [{ StringEquals = { "aws:ResourceTag/project" = "batchworks", "aws:ResourceTag/environment" = "dev" } }]
    error_message = "Only security groups of dev may be deleted."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.apply.policy).Statement :
      statement.Resource if statement.Sid == "ManageRulesOfDatabase"
    ] == [["arn:aws:ec2:ap-northeast-1:123456789012:security-group/sg-0d1e2f3a"]]
    error_message = "Of groups that belong to others, rules of the database's may be changed."
  }
}

run "no_database_group_no_rules_in_it" {
  command = plan

  module {
    source = "./roles"
  }

  variables {
    network = { vpc_id = "vpc-0a1b2c3d" }
  }

  assert {
    condition     = !strcontains(aws_iam_role_policy.apply.policy, "ManageRulesOfDatabase")
    error_message = "Without a group of the database there is nothing to grant."
  }
}

run "jobs_stay_within_the_boundary" {
  command = plan

  module {
    source = "./roles"
  }

  variables {
    systems = ["archive", "sync-batch"]
  }

  assert {
    condition = length([
      for action in flatten([
        for statement in jsondecode(aws_iam_policy.boundary.policy).Statement : statement.Action
        if statement.Effect == "Allow" && statement.Sid != "OwnRolesToS3"
      ]) : action if startswith(action, "iam:") || startswith(action, "sts:") || strcontains(action, "*")
    ]) == 0
    error_message = "No job may change roles or become another one."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_policy.boundary.policy).Statement :
      [statement.Action, statement.Resource, statement.Condition] if statement.Sid == "OwnRolesToS3"
      ] == [[
        "iam:PassRole",
        ["arn:aws:iam::123456789012:role/archive-dev", "arn:aws:iam::123456789012:role/archive-dev-*"],
        { StringEquals = { "iam:PassedToService" = "batchoperations.s3.amazonaws.com" } },
    ]]
    error_message = "The archive hands roles of its own kind to S3 Batch Operations; nobody hands any to others."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_policy.boundary.policy).Statement :
      [statement.Action, statement.Resource] if statement.Effect == "Deny"
    ] == [["s3:*", ["arn:aws:s3:::acme-state", "arn:aws:s3:::acme-state/*"]]]
    error_message = "No job may reach Terraform's state."
  }
}

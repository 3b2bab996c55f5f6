# What the roles may do with a pipeline from a company's NAS. Nothing here reaches AWS.

mock_provider "aws" {
  source          = "../mocks"
  override_during = plan

  mock_resource "aws_iam_policy" {
    defaults = { arn = "arn:aws:iam::123456789012:policy/batchworks-dev-mock" }
  }
}

variables {
  systems = ["nas-sync"]
}

run "all_of_it_bears_its_names" {
  command = plan

  module {
    source = "./roles"
  }

  assert {
    condition = alltrue([
      for arn in flatten([
        for statement in jsondecode(aws_iam_policy.apply["nas-sync"].policy).Statement : statement.Resource
      ]) : can(regex("[:/][A-Z]\\w+-dev\\*$", arn))
    ])
    error_message = "Functions have names of their own, which end in the environment."
  }

  assert {
    condition = alltrue([
      for arn in flatten([
        for statement in jsondecode(aws_iam_policy.apply["nas-sync-pipeline"].policy).Statement : statement.Resource
        if statement.Resource != "*"
      ]) : can(regex("[:/](CIS-\\*|DataSyncS3Role|EventBridgeStepFunctionsRole|file_metadata)-dev\\*$", arn))
    ])
    error_message = "State machine, table, topic, queue, rule, dashboard: by name."
  }

  assert {
    condition = toset([
      for statement in flatten([for policy in aws_iam_policy.apply : jsondecode(policy.policy).Statement]) :
      statement.Sid if try(statement.Resource, "") == "*" && !can(statement.Condition)
    ]) == toset(["CheckDefinitions", "LetServicesWriteLogs"])
    error_message = "Only actions for which AWS offers no resource may say \"*\" without a condition."
  }
}

run "what_has_only_an_id_is_told_apart_by_tags" {
  command = plan

  module {
    source = "./roles"
  }

  assert {
    condition = alltrue([
      for action in [
        "datasync:DeleteTask", "datasync:UpdateTask", "ec2:DeleteCustomerGateway", "ec2:DeleteVpcEndpoints",
        "ec2:DeleteVpnConnection", "ec2:DeleteVpnGateway",
        ] : [
        for statement in jsondecode(aws_iam_policy.apply["nas-sync-network"].policy).Statement :
        statement.Condition if contains(flatten([statement.Action]), action)
      ] == [{ StringEquals = { "aws:ResourceTag/project" = "batchworks", "aws:ResourceTag/environment" = "dev" } }]
    ])
    error_message = "Only connections, gateways, endpoints and tasks of dev may be changed or deleted."
  }

  assert {
    condition = alltrue([
      for action in ["datasync:CreateAgent", "ec2:CreateCustomerGateway", "ec2:CreateVpnGateway"] : [
        for statement in jsondecode(aws_iam_policy.apply["nas-sync-network"].policy).Statement :
        statement.Condition if contains(flatten([statement.Action]), action)
      ] == [{ StringEquals = { "aws:RequestTag/project" = "batchworks", "aws:RequestTag/environment" = "dev" } }]
    ])
    error_message = "What is made bears the tags of dev."
  }
}

run "the_nas_s_password_is_the_only_secret_that_is_read" {
  command = plan

  module {
    source = "./roles"
  }

  assert {
    condition = toset(flatten([
      for policy in concat(values(aws_iam_policy.plan), values(aws_iam_policy.apply)) : [
        for statement in jsondecode(policy.policy).Statement : statement.Resource
        if contains(flatten([statement.Action]), "secretsmanager:GetSecretValue")
      ]
    ])) == toset(["arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:CIS-NAS-*"])
    error_message = "DataSync takes the NAS's password from Terraform, and no other secret."
  }

  assert {
    condition = alltrue([
      for policy in [aws_iam_role_policy.plan.policy, aws_iam_role_policy.apply.policy] : [
        for statement in jsondecode(policy).Statement :
        statement.NotResource if statement.Sid == "NoSecrets" && statement.Effect == "Deny"
      ] == ["arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:CIS-NAS-*"]
    ])
    error_message = "All others are denied."
  }
}

run "roles_go_to_the_services_that_act_for_it" {
  command = plan

  module {
    source = "./roles"
  }

  assert {
    condition = {
      for policy in ["nas-sync", "nas-sync-pipeline"] : policy => flatten([
        for statement in jsondecode(aws_iam_policy.apply[policy].policy).Statement :
        statement.Condition.StringEquals["iam:PassedToService"]
        if contains(flatten([statement.Action]), "iam:PassRole")
      ])
      } == {
      nas-sync          = ["lambda.amazonaws.com"]
      nas-sync-pipeline = ["datasync.amazonaws.com", "events.amazonaws.com", "states.amazonaws.com"]
    }
    error_message = "Those of functions to Lambda; the others to DataSync, EventBridge, Step Functions."
  }

  assert {
    condition = length(setintersection(
      toset(flatten([
        for policy in aws_iam_policy.apply : [for statement in jsondecode(policy.policy).Statement : statement.Action]
      ])),
      [
        "datasync:StartTaskExecution", "dynamodb:GetItem", "dynamodb:PutItem", "es:ESHttpGet", "sns:Publish",
        "states:GetExecutionHistory", "states:StartExecution",
      ],
    )) == 0
    error_message = "No apply starts a run, or reads what one found."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_policy.boundary.policy).Statement :
      statement.Resource if contains(flatten([statement.Action]), "s3:DeleteObject")
      ] == [[
        "arn:aws:s3:::none/*",
        "arn:aws:s3:::cis-filesearch-archived-files-dev/monthly-sync/*",
        "arn:aws:s3:::cis-filesearch-raw-files-dev/monthly-sync/*",
    ]]
    error_message = "DataSync deletes what has gone from the NAS where it was copied to, nothing else."
  }
}

locals {
  state_machine_arns = [
    for name in var.names : "arn:aws:states:${var.region}:${var.account}:stateMachine:${name}"
  ]
  execution_log_group_arns = [
    for name in local.with_qualifiers :
    "arn:aws:logs:${var.region}:${var.account}:log-group:/aws/vendedlogs/states/${name}"
  ]

  state_machines = {
    plan = [
      {
        Sid    = "ReadStateMachines"
        Effect = "Allow"
        Action = [
          "states:DescribeStateMachine",
          "states:ListStateMachineVersions",
          "states:ListTagsForResource",
        ]
        Resource = local.state_machine_arns
      },
      {
        Sid      = "ReadExecutionLogGroupTags"
        Effect   = "Allow"
        Action   = "logs:ListTagsForResource"
        Resource = local.execution_log_group_arns
      },
      {
        # A plan asks whether a definition would be accepted.
        Sid      = "CheckDefinitions"
        Effect   = "Allow"
        Action   = "states:ValidateStateMachineDefinition"
        Resource = "*" # AWS offers no resource for it
      },
    ]

    apply = [
      {
        Sid    = "ManageStateMachines"
        Effect = "Allow"
        Action = [
          "states:CreateStateMachine",
          "states:DeleteStateMachine",
          "states:TagResource",
          "states:UntagResource",
          "states:UpdateStateMachine",
        ]
        Resource = local.state_machine_arns
      },
      {
        Sid      = "GiveRolesToServices"
        Effect   = "Allow"
        Action   = "iam:PassRole"
        Resource = local.role_arns
        Condition = {
          StringEquals = {
            "iam:PassedToService" = [
              "datasync.amazonaws.com", "events.amazonaws.com", "states.amazonaws.com",
            ]
          }
        }
      },
      {
        Sid    = "ManageExecutionLogGroups"
        Effect = "Allow"
        Action = [
          "logs:CreateLogGroup",
          "logs:DeleteLogGroup",
          "logs:PutRetentionPolicy",
          "logs:TagResource",
          "logs:UntagResource",
        ]
        Resource = local.execution_log_group_arns
      },
    ]
  }
}

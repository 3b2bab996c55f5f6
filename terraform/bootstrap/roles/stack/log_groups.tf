locals {
  log_group_arns = [
    for name in var.names :
    "arn:aws:logs:${var.region}:${var.account}:log-group:/aws/lambda/${name}"
  ]

  log_groups = {
    plan = [{
      Sid      = "ReadLogGroupTags"
      Effect   = "Allow"
      Action   = "logs:ListTagsForResource"
      Resource = local.log_group_arns
    }]

    apply = [{
      # Some of these name the group with ":*" behind it.
      Sid    = "ManageLogGroups"
      Effect = "Allow"
      Action = [
        "logs:CreateLogGroup",
        "logs:DeleteLogGroup",
        "logs:PutRetentionPolicy",
        "logs:TagResource",
        "logs:UntagResource",
      ]
      Resource = flatten([for arn in local.log_group_arns : [arn, "${arn}:*"]])
    }]
  }
}

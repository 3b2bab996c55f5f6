locals {
  # Some actions name the group with ":*" behind it.
  log_group_arns = [
    for name in local.with_qualifiers :
    "arn:aws:logs:${var.region}:${var.account}:log-group:/aws/lambda/${name}"
  ]

  log_groups = {
    plan = [{
      Sid      = "ReadLogGroups"
      Effect   = "Allow"
      Action   = ["logs:DescribeMetricFilters", "logs:ListTagsForResource"]
      Resource = local.log_group_arns
    }]

    apply = [{
      Sid    = "ManageLogGroups"
      Effect = "Allow"
      Action = [
        "logs:CreateLogGroup",
        "logs:DeleteLogGroup",
        "logs:DeleteMetricFilter",
        "logs:PutMetricFilter",
        "logs:PutRetentionPolicy",
        "logs:TagResource",
        "logs:UntagResource",
      ]
      Resource = local.log_group_arns
    }]
  }
}

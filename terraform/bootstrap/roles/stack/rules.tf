locals {
  rule_arns = [
    for name in var.names : "arn:aws:events:${var.region}:${var.account}:rule/${name}"
  ]

  rules = {
    plan = [{
      Sid      = "ReadRules"
      Effect   = "Allow"
      Action   = ["events:DescribeRule", "events:ListTagsForResource", "events:ListTargetsByRule"]
      Resource = local.rule_arns
    }]

    apply = [{
      Sid    = "ManageRules"
      Effect = "Allow"
      Action = [
        "events:DeleteRule",
        "events:PutRule",
        "events:PutTargets",
        "events:RemoveTargets",
        "events:TagResource",
        "events:UntagResource",
      ]
      Resource = local.rule_arns
    }]
  }
}

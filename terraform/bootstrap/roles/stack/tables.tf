# DynamoDB tables with their indexes: how they are, never what is in them.
locals {
  table_arns = [
    for name in var.names : "arn:aws:dynamodb:${var.region}:${var.account}:table/${name}"
  ]

  tables = {
    plan = [{
      Sid    = "ReadTables"
      Effect = "Allow"
      Action = [
        "dynamodb:DescribeContinuousBackups",
        "dynamodb:DescribeTable",
        "dynamodb:DescribeTimeToLive",
        "dynamodb:ListTagsOfResource",
      ]
      Resource = local.table_arns
    }]

    apply = [{
      Sid    = "ManageTables"
      Effect = "Allow"
      Action = [
        "dynamodb:CreateTable",
        "dynamodb:DeleteTable",
        "dynamodb:TagResource",
        "dynamodb:UntagResource",
        "dynamodb:UpdateContinuousBackups",
        "dynamodb:UpdateTable",
      ]
      Resource = local.table_arns
    }]
  }
}

locals {
  alarms = "arn:aws:cloudwatch:${var.region}:${local.account}:alarm"
  logs   = "arn:aws:logs:${var.region}:${local.account}:log-group"

  alarm_arns = [for name in local.names : "${local.alarms}:${name}"]
  log_groups = [for name in local.names : "${local.logs}:/aws/lambda/${name}"]

  monitoring = {
    plan = [
      {
        Sid      = "FindAlarms"
        Effect   = "Allow"
        Action   = "cloudwatch:DescribeAlarms"
        Resource = "${local.alarms}:*" # a search: in all of them or in none
      },
      {
        Sid      = "FindLogGroups"
        Effect   = "Allow"
        Action   = "logs:DescribeLogGroups"
        Resource = "*" # AWS offers no resource for it
      },
      {
        Sid      = "ReadAlarmTags"
        Effect   = "Allow"
        Action   = "cloudwatch:ListTagsForResource"
        Resource = local.alarm_arns
      },
      {
        Sid      = "ReadLogGroupTags"
        Effect   = "Allow"
        Action   = "logs:ListTagsForResource"
        Resource = local.log_groups
      },
    ]

    apply = [
      {
        Sid    = "ManageAlarms"
        Effect = "Allow"
        Action = [
          "cloudwatch:DeleteAlarms",
          "cloudwatch:PutMetricAlarm",
          "cloudwatch:TagResource",
          "cloudwatch:UntagResource",
        ]
        Resource = local.alarm_arns
      },
      {
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
        Resource = flatten([for arn in local.log_groups : [arn, "${arn}:*"]])
      },
    ]
  }
}

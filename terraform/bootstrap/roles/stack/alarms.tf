locals {
  # A bucket's alarms bear the bucket's name.
  alarm_arns = [
    for name in concat(var.names, var.buckets) :
    "arn:aws:cloudwatch:${var.region}:${var.account}:alarm:${name}"
  ]

  alarms = {
    plan = [{
      Sid      = "ReadAlarmTags"
      Effect   = "Allow"
      Action   = "cloudwatch:ListTagsForResource"
      Resource = local.alarm_arns
    }]

    apply = [{
      Sid    = "ManageAlarms"
      Effect = "Allow"
      Action = [
        "cloudwatch:DeleteAlarms",
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:TagResource",
        "cloudwatch:UntagResource",
      ]
      Resource = local.alarm_arns
    }]
  }
}

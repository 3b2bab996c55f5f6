# What AWS allows for all things of a kind or for none.
locals {
  searches = {
    plan = [
      {
        Sid      = "FindAlarms"
        Effect   = "Allow"
        Action   = "cloudwatch:DescribeAlarms"
        Resource = "arn:aws:cloudwatch:${var.region}:${local.account}:alarm:*"
      },
      {
        Sid      = "FindLogGroups"
        Effect   = "Allow"
        Action   = "logs:DescribeLogGroups"
        Resource = "*" # AWS offers no resource for it
      },
      {
        Sid      = "ReadSubscriptions"
        Effect   = "Allow"
        Action   = "sns:GetSubscriptionAttributes"
        Resource = "*" # AWS offers no resource for it
      },
    ]

    apply = [{
      Sid      = "EndSubscriptions"
      Effect   = "Allow"
      Action   = "sns:Unsubscribe"
      Resource = "*" # AWS offers no resource for it
    }]
  }
}

locals {
  queues = [for name in local.names : "arn:aws:sqs:${var.region}:${local.account}:${name}"]
  topics = [for name in local.names : "arn:aws:sns:${var.region}:${local.account}:${name}"]

  messaging = {
    plan = [
      {
        Sid      = "ReadQueues"
        Effect   = "Allow"
        Action   = ["sqs:GetQueueAttributes", "sqs:ListQueueTags"]
        Resource = local.queues
      },
      {
        Sid      = "ReadTopics"
        Effect   = "Allow"
        Action   = ["sns:GetTopicAttributes", "sns:ListTagsForResource"]
        Resource = local.topics
      },
      {
        Sid      = "ReadSubscriptions"
        Effect   = "Allow"
        Action   = "sns:GetSubscriptionAttributes"
        Resource = "*" # AWS offers no resource for it
      },
    ]

    apply = [
      {
        Sid    = "ManageQueues"
        Effect = "Allow"
        Action = [
          "sqs:CreateQueue",
          "sqs:DeleteQueue",
          "sqs:SetQueueAttributes",
          "sqs:TagQueue",
          "sqs:UntagQueue",
        ]
        Resource = local.queues
      },
      {
        Sid    = "ManageTopics"
        Effect = "Allow"
        Action = [
          "sns:CreateTopic",
          "sns:DeleteTopic",
          "sns:SetTopicAttributes",
          "sns:Subscribe",
          "sns:TagResource",
          "sns:UntagResource",
        ]
        Resource = local.topics
      },
      {
        Sid      = "EndSubscriptions"
        Effect   = "Allow"
        Action   = "sns:Unsubscribe"
        Resource = "*" # AWS offers no resource for it
      },
    ]
  }
}

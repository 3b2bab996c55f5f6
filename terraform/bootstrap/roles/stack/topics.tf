locals {
  topic_arns = [for name in var.names : "arn:aws:sns:${var.region}:${var.account}:${name}"]

  topics = {
    plan = [{
      Sid    = "ReadTopics"
      Effect = "Allow"
      Action = [
        "sns:GetTopicAttributes",
        "sns:ListSubscriptionsByTopic",
        "sns:ListTagsForResource",
      ]
      Resource = local.topic_arns
    }]

    apply = [{
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
      Resource = local.topic_arns
    }]
  }
}

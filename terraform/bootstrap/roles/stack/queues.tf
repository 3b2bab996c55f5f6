locals {
  queue_arns = [for name in var.names : "arn:aws:sqs:${var.region}:${var.account}:${name}"]

  queues = {
    plan = [{
      Sid      = "ReadQueues"
      Effect   = "Allow"
      Action   = ["sqs:GetQueueAttributes", "sqs:ListQueueTags"]
      Resource = local.queue_arns
    }]

    apply = [{
      Sid    = "ManageQueues"
      Effect = "Allow"
      Action = [
        "sqs:CreateQueue",
        "sqs:DeleteQueue",
        "sqs:SetQueueAttributes",
        "sqs:TagQueue",
        "sqs:UntagQueue",
      ]
      Resource = local.queue_arns
    }]
  }
}

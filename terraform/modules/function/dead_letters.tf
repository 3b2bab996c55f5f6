resource "aws_lambda_function_event_invoke_config" "this" {
  function_name                = aws_lambda_function.this.function_name
  qualifier                    = aws_lambda_alias.live.name
  maximum_retry_attempts       = var.async.retries
  maximum_event_age_in_seconds = var.async.max_age_seconds
}

resource "aws_sqs_queue" "dead_letters" {
  count = var.dead_letter_queue == null ? 1 : 0

  name                      = local.dead_letter_queue_name
  message_retention_seconds = 14 * 24 * 3600 # the longest SQS offers
  sqs_managed_sse_enabled   = true
  policy                    = length(var.dead_letter_senders) == 0 ? null : local.senders_policy
}

locals {
  dead_letter_queue_name = "${var.name}-dlq"

  dead_letter_queue = one(concat(var.dead_letter_queue[*], [
    for queue in aws_sqs_queue.dead_letters : { name = queue.name, arn = queue.arn, url = queue.url }
  ]))

  # Lambda needs no entry: it sends as the function's role.
  senders_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "UndeliveredEvents"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource = join(":", [
        "arn", local.partition, "sqs", local.region, local.account, local.dead_letter_queue_name,
      ])
      Condition = { ArnEquals = { "aws:SourceArn" = var.dead_letter_senders } }
    }]
  })
}

locals {
  rules = merge(
    aws_cloudwatch_event_rule.schedule,
    aws_cloudwatch_event_rule.event,
    { manual = aws_cloudwatch_event_rule.manual },
  )
}

resource "aws_cloudwatch_event_target" "function" {
  for_each = local.rules

  rule      = each.value.name
  target_id = "function"
  arn       = module.function.alias.arn

  # An hour late is still today's run; what can't be delivered by then waits in the queue.
  retry_policy {
    maximum_event_age_in_seconds = 3600
    maximum_retry_attempts       = 185
  }

  dead_letter_config {
    arn = module.function.dead_letter_queue.arn
  }

  depends_on = [aws_lambda_permission.rule]
}

resource "aws_lambda_permission" "rule" {
  for_each = local.rules

  statement_id  = each.key
  action        = "lambda:InvokeFunction"
  function_name = module.function.name
  qualifier     = module.function.alias.name
  principal     = "events.amazonaws.com"
  source_arn    = each.value.arn
}

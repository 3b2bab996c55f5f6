# Who is told: of runs by the state machine, of trouble by alarms, of new VPN addresses by VPNManager.

resource "aws_sns_topic" "this" {
  #checkov:skip=CKV_AWS_26:CloudWatch can't publish under the AWS managed key; messages tell counts
  name = "CIS-BatchSync-Notifications${var.suffix}"
  tags = local.tags
}

# The account's services publish by SNS's default policy, which this one replaces. Roles of the
# account need no entry.
resource "aws_sns_topic_policy" "this" {
  arn = aws_sns_topic.this.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for sid, service in { Alarms = "cloudwatch", Budget = "budgets" } : {
        Sid                        = sid
        Effect                     = "Allow"
        Principal                  = { Service = "${service}.amazonaws.com" }
        Action                     = "sns:Publish"
        Resource                   = aws_sns_topic.this.arn
        Condition                  = { StringEquals = { "aws:SourceAccount" = local.account } }
      }
    ]
  })
}

resource "aws_sns_topic_subscription" "email" {
  for_each = var.alerts.emails

  topic_arn = aws_sns_topic.this.arn
  protocol  = "email"
  endpoint  = each.value
}

locals {
  slack = var.alerts.slack_secret_arn != null
}

resource "aws_sns_topic_subscription" "slack" {
  count = local.slack ? 1 : 0

  topic_arn      = aws_sns_topic.this.arn
  protocol       = "lambda"
  endpoint       = module.function["SlackNotifier"].alias.arn
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead_letters.arn })

  depends_on = [aws_lambda_permission.slack]
}

resource "aws_lambda_permission" "slack" {
  count = local.slack ? 1 : 0

  statement_id  = "notifications"
  action        = "lambda:InvokeFunction"
  function_name = module.function["SlackNotifier"].name
  qualifier     = module.function["SlackNotifier"].alias.name
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.this.arn
}

# What nobody waits for: starts that EventBridge could not deliver, notifications that Slack did not
# take. Calls of the state machine are answered and never come here.
resource "aws_sqs_queue" "dead_letters" {
  name                       = "CIS-BatchSync-DLQ${var.suffix}"
  message_retention_seconds  = 14 * 24 * 3600
  visibility_timeout_seconds = 300
  sqs_managed_sse_enabled    = true
  tags                       = local.tags
}

locals {
  dead_letter_senders = {
    UndeliveredStarts = {
      service = "events"
      sources = [aws_cloudwatch_event_rule.monthly.arn, aws_cloudwatch_event_rule.watch.arn]
    }
    UndeliveredNotifications = {
      service = "sns"
      sources = [aws_sns_topic.this.arn]
    }
  }
}

resource "aws_sqs_queue_policy" "dead_letters" {
  queue_url = aws_sqs_queue.dead_letters.url

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for sid, sender in local.dead_letter_senders : {
        Sid       = sid
        Effect    = "Allow"
        Principal = { Service = "${sender.service}.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = aws_sqs_queue.dead_letters.arn
        Condition = { ArnEquals = { "aws:SourceArn" = sender.sources } }
      }
    ]
  })
}

mock_provider "aws" {
  source = "../../mocks"
}

run "given_only_what_it_needs" {
  assert {
    condition     = aws_lambda_function.this.function_name == "report"
    error_message = "The function has the name it was given."
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.name == "/aws/lambda/report"
    error_message = "The log group is the one Lambda writes to."
  }

  assert {
    condition     = aws_sqs_queue.dead_letters[0].name == "report-dlq"
    error_message = "Operators look for dead letters in <name>-dlq."
  }

  assert {
    condition     = aws_iam_role.this.name == "report"
    error_message = "The role is found under the function's name."
  }

  assert {
    condition = (
      aws_lambda_function.this.runtime == "python3.13" &&
      aws_lambda_function.this.architectures == tolist(["arm64"])
    )
    error_message = "A function runs Python 3.13 on arm64 unless told otherwise."
  }

  assert {
    condition     = aws_lambda_function.this.reserved_concurrent_executions == -1
    error_message = "A function shares the account's concurrency unless told otherwise."
  }

  assert {
    condition     = aws_lambda_function.this.tracing_config[0].mode == "PassThrough"
    error_message = "X-Ray is off unless asked for."
  }

  assert {
    condition     = length(aws_lambda_function.this.vpc_config) == 0
    error_message = "A function is in no VPC unless given one."
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.retention_in_days == 7
    error_message = "Logs are kept for a week."
  }

  assert {
    condition     = aws_lambda_alias.live.function_version == aws_lambda_function.this.version
    error_message = "The alias points at the version that was published."
  }

  assert {
    condition     = aws_lambda_alias.live.name == "live"
    error_message = "Callers know the alias as live."
  }

  assert {
    condition = (
      aws_lambda_function.this.dead_letter_config[0].target_arn == aws_sqs_queue.dead_letters[0].arn
    )
    error_message = "Lambda puts what it gives up in the queue."
  }

  assert {
    condition     = aws_lambda_function_event_invoke_config.this.maximum_retry_attempts == 2
    error_message = "An event is tried three times."
  }

  assert {
    condition = (
      aws_lambda_function_event_invoke_config.this.qualifier == aws_lambda_alias.live.name
    )
    error_message = "Retries are set where callers come in, on the alias."
  }

  assert {
    condition     = aws_sqs_queue.dead_letters[0].sqs_managed_sse_enabled
    error_message = "The queue is encrypted."
  }

  assert {
    condition     = aws_sqs_queue.dead_letters[0].message_retention_seconds == 1209600
    error_message = "Dead letters wait for two weeks."
  }

  assert {
    condition = {
      for key, alarm in aws_cloudwatch_metric_alarm.this :
      alarm.alarm_name => "${alarm.statistic} of ${alarm.metric_name} >= ${alarm.threshold}"
      } == {
      report-errors       = "Sum of Errors >= 1"
      report-duration     = "Maximum of Duration >= 600000"
      report-throttles    = "Sum of Throttles >= 1"
      report-dead-letters = "Maximum of ApproximateNumberOfMessagesVisible >= 1"
    }
    error_message = "One error, run of 600 s, throttled start or dead letter is an alarm."
  }

  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.this :
      alarm.comparison_operator == "GreaterThanOrEqualToThreshold" &&
      alarm.evaluation_periods == 1 &&
      alarm.treat_missing_data == "notBreaching" &&
      alarm.alarm_actions == toset(["arn:aws:sns:ap-northeast-1:123456789012:alerts"])
    ])
    error_message = "An alarm goes to the topic at once, and a function that doesn't run is quiet."
  }

  assert {
    condition = {
      for key, alarm in aws_cloudwatch_metric_alarm.this :
      key => "${alarm.namespace} ${join(" ", values(alarm.dimensions))}"
      } == {
      errors       = "AWS/Lambda report"
      duration     = "AWS/Lambda report"
      throttles    = "AWS/Lambda report"
      dead-letters = "AWS/SQS report-dlq"
    }
    error_message = "Alarms watch this function and its queue."
  }
}

run "given_layers_senders_and_no_concurrency" {
  variables {
    reserved_concurrency = 0
    dead_letter_senders  = ["arn:aws:events:ap-northeast-1:123456789012:rule/report-schedule"]
    layers               = { zebra = "outputs.tf", antelope = "main.tf" }
  }

  override_resource {
    target = aws_lambda_layer_version.this["antelope"]
    values = { arn = "arn:aws:lambda:ap-northeast-1:123456789012:layer:report-antelope:1" }
  }

  override_resource {
    target = aws_lambda_layer_version.this["zebra"]
    values = { arn = "arn:aws:lambda:ap-northeast-1:123456789012:layer:report-zebra:1" }
  }

  assert {
    condition = aws_lambda_function.this.layers == tolist([
      for key in ["antelope", "zebra"] : aws_lambda_layer_version.this[key].arn
    ])
    error_message = "Every layer is attached, in an order that doesn't change by itself."
  }

  assert {
    condition     = aws_lambda_layer_version.this["zebra"].layer_name == "report-zebra"
    error_message = "A layer is named after its function and its key."
  }

  assert {
    condition = jsondecode(aws_sqs_queue.dead_letters[0].policy).Statement == [{
      Sid       = "UndeliveredEvents"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = "arn:aws:sqs:ap-northeast-1:123456789012:report-dlq"
      Condition = {
        ArnEquals = {
          "aws:SourceArn" = ["arn:aws:events:ap-northeast-1:123456789012:rule/report-schedule"]
        }
      }
    }]
    error_message = "EventBridge may send to this queue for the rules that were given."
  }

  assert {
    condition     = aws_lambda_function.this.reserved_concurrent_executions == 0
    error_message = "0 stops the function: it must not be taken for 'not given'."
  }
}

run "a_queue_and_alarms_that_functions_share" {
  variables {
    dead_letter_queue = {
      name = "jobs-dlq"
      arn  = "arn:aws:sqs:ap-northeast-1:123456789012:jobs-dlq"
      url  = "https://sqs.ap-northeast-1.amazonaws.com/123456789012/jobs-dlq"
    }
    alarms = {
      topic_arn        = "arn:aws:sns:ap-northeast-1:123456789012:alerts"
      duration_seconds = 600
      on               = ["errors", "dead-letters"]
    }
  }

  assert {
    condition = (
      length(aws_sqs_queue.dead_letters) == 0 && output.dead_letter_queue.name == "jobs-dlq" &&
      aws_lambda_function.this.dead_letter_config[0].target_arn == output.dead_letter_queue.arn
    )
    error_message = "A shared queue takes its dead letters; it has none of its own."
  }

  assert {
    condition     = keys(aws_cloudwatch_metric_alarm.this) == ["errors"]
    error_message = "It has the alarms that were asked for; the queue's belongs to the queue's owner."
  }
}

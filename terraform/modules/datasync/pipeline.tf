locals {
  state_machine_arn = "${local.arn.states}:stateMachine:${local.name}"
  executions_arn    = "${local.arn.states}:execution:${local.name}"

  # Steps that go wrong in the same way are repeated in the same way.
  retries = jsondecode(templatefile("${path.module}/templates/retries.json.tftpl", var.pacing))

  definition = templatefile("${path.module}/templates/pipeline.asl.json.tftpl", merge(
    { for key, retry in local.retries : "retry_${key}" => jsonencode(retry) },
    { for key in local.called : key => module.function[key].alias.arn },
    var.pacing,
    {
      partition         = local.partition
      state_machine_arn = local.state_machine_arn
      agent_arn         = local.agent_arn
      task_arn          = local.task_arn
      topic_arn         = aws_sns_topic.this.arn
      raw_bucket        = var.buckets.raw.name
      concurrency       = var.functions.concurrency
    },
  ))

  called = [
    "BatchReconciler", "BatchReporter", "BulkIndexer", "DeletedFileArchiver", "FileScanner",
    "ImageFeatureExtractor", "TextExtractor", "VPNManager",
  ]
}

resource "aws_sfn_state_machine" "this" {
  #checkov:skip=CKV_AWS_284:The history of an execution tells all that a trace would
  #checkov:skip=CKV_AWS_285:All but the data is logged; the data names files, and history has it
  name       = local.name
  role_arn   = aws_iam_role.pipeline.arn
  definition = local.definition
  tags       = local.tags

  logging_configuration {
    level                  = "ALL"
    include_execution_data = false # file names stay in S3
    log_destination        = "${aws_cloudwatch_log_group.pipeline.arn}:*"
  }

  # Step Functions tries the role's right to log when the state machine is made.
  depends_on = [aws_iam_role_policy.pipeline]
}

resource "aws_cloudwatch_log_group" "pipeline" {
  #checkov:skip=CKV_AWS_158:Names of states and times, no data: AWS's own key is enough
  #checkov:skip=CKV_AWS_338:Three months cover the runs that a person still asks about
  name              = "/aws/vendedlogs/states/${local.name}"
  retention_in_days = var.functions.log_retention_days
  tags              = local.tags
}

resource "aws_iam_role" "pipeline" {
  name        = local.name
  description = "What the state machine ${local.name} may do"
  tags        = local.role_tags

  permissions_boundary = var.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "states.amazonaws.com" }
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account }
        ArnLike      = { "aws:SourceArn" = "${local.state_machine_arn}*" }
      }
    }]
  })
}

locals {
  pipeline_rights = {
    CallFunctions = {
      actions   = ["lambda:InvokeFunction"]
      resources = [for key in local.called : module.function[key].alias.arn]
    }
    SeeAgent = {
      actions   = ["datasync:DescribeAgent"]
      resources = [local.agent_arn]
    }
    StartTransfer = {
      actions   = ["datasync:StartTaskExecution"]
      resources = [local.task_arn]
    }
    FollowTransfer = {
      actions   = ["datasync:CancelTaskExecution", "datasync:DescribeTaskExecution"]
      resources = ["${local.task_arn}/execution/*"]
    }
    ReadWorkLists = {
      actions   = ["s3:GetObject"]
      resources = ["${var.buckets.raw.arn}/work/*"]
    }
    # A Map in mode DISTRIBUTED runs each child as an execution of the same state machine:
    # https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
    RunChildren = {
      actions   = ["states:StartExecution"]
      resources = [local.state_machine_arn]
    }
    FollowChildren = {
      actions   = ["states:DescribeExecution", "states:StopExecution"]
      resources = ["${local.executions_arn}:*", "${local.executions_arn}/*:*"] # with a Map's label
    }
    SeeOtherRuns = {
      actions   = ["states:ListExecutions"]
      resources = [local.state_machine_arn]
    }
    TellPeople = {
      actions   = ["sns:Publish"]
      resources = [aws_sns_topic.this.arn]
    }
    # Vended logs have no resources that a policy could name:
    # https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
    DeliverLog = {
      actions = [
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:DescribeLogGroups",
        "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:UpdateLogDelivery",
      ]
      resources = ["*"]
    }
  }
}

resource "aws_iam_role_policy" "pipeline" {
  #checkov:skip=CKV_AWS_290:Only the delivery of logs is granted on "*", which AWS can't narrow
  #checkov:skip=CKV_AWS_355:Only the delivery of logs is granted on "*", which AWS can't narrow
  name = "run-batch"
  role = aws_iam_role.pipeline.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for sid, right in local.pipeline_rights : {
        Sid      = sid
        Effect   = "Allow"
        Action   = right.actions
        Resource = right.resources
      }
    ]
  })
}

resource "aws_cloudwatch_event_rule" "monthly" {
  name                = local.name
  description         = "Starts the monthly batch of the NAS"
  schedule_expression = var.schedule
  state               = var.enabled && length(local.agents) > 0 ? "ENABLED" : "DISABLED"
  tags                = local.tags
}

resource "aws_cloudwatch_event_target" "monthly" {
  rule      = aws_cloudwatch_event_rule.monthly.name
  target_id = "pipeline"
  arn       = aws_sfn_state_machine.this.arn
  role_arn  = aws_iam_role.schedule.arn

  input_transformer {
    input_paths    = { time = "$.time" }
    input_template = "{\"batch_type\": \"monthly_scheduled\", \"batch_date\": <time>}"
  }

  dead_letter_config {
    arn = aws_sqs_queue.dead_letters.arn
  }
}

resource "aws_iam_role" "schedule" {
  name        = "EventBridgeStepFunctionsRole${var.suffix}"
  description = "Lets the schedule start ${local.name}"
  tags        = local.role_tags

  permissions_boundary = var.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "events.amazonaws.com" }
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account }
        ArnEquals    = { "aws:SourceArn" = aws_cloudwatch_event_rule.monthly.arn }
      }
    }]
  })
}

resource "aws_iam_role_policy" "schedule" {
  name = "start-batch"
  role = aws_iam_role.schedule.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "StartBatch"
      Effect   = "Allow"
      Action   = ["states:StartExecution"]
      Resource = [aws_sfn_state_machine.this.arn]
    }]
  })
}

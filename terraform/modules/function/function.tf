resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_117:A VPC is the caller's choice; without private targets there is no need
  #checkov:skip=CKV_AWS_173:Variables hold ARNs of secrets, never secrets: AWS's own key is enough
  #checkov:skip=CKV_AWS_272:Zips are built from reviewed commits and compared by their hash
  function_name = var.name
  description   = var.description
  role          = aws_iam_role.this.arn

  runtime          = var.code.runtime
  architectures    = [var.code.architecture]
  handler          = var.code.handler
  filename         = var.code.zip
  source_code_hash = filebase64sha256(var.code.zip)
  layers           = [for key in sort(keys(var.layers)) : aws_lambda_layer_version.this[key].arn]
  publish          = true

  memory_size                    = var.memory_size
  timeout                        = var.timeout
  reserved_concurrent_executions = coalesce(var.reserved_concurrency, -1)

  ephemeral_storage {
    size = var.temporary_storage
  }

  environment {
    variables = var.environment_variables
  }

  tracing_config {
    mode = var.tracing ? "Active" : "PassThrough"
  }

  dead_letter_config {
    target_arn = local.dead_letter_queue.arn
  }

  dynamic "vpc_config" {
    for_each = var.network[*]

    content {
      subnet_ids         = vpc_config.value.subnet_ids
      security_group_ids = vpc_config.value.security_group_ids
    }
  }

  dynamic "file_system_config" {
    for_each = var.file_system[*]

    content {
      arn              = file_system_config.value.access_point_arn
      local_mount_path = file_system_config.value.mount_path
    }
  }

  # Lambda checks at creation that the role may use the queue and the VPC, and makes a log group
  # that never expires when the first line comes before ours is there.
  depends_on = [aws_iam_role_policy.this, aws_cloudwatch_log_group.this]
}

resource "aws_lambda_layer_version" "this" {
  for_each = var.layers

  layer_name               = "${var.name}-${each.key}"
  filename                 = each.value
  source_code_hash         = filebase64sha256(each.value)
  compatible_runtimes      = [var.code.runtime]
  compatible_architectures = [var.code.architecture]

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  description      = "The version that callers run"
  function_name    = aws_lambda_function.this.function_name
  function_version = aws_lambda_function.this.version
}

output "name" {
  description = "Name of the function."
  value       = aws_lambda_function.this.function_name
}

output "arn" {
  description = "ARN of the function, without a version."
  value       = aws_lambda_function.this.arn
}

output "alias" {
  description = "The alias to call: its name and ARN."
  value = {
    name = aws_lambda_alias.live.name
    arn  = aws_lambda_alias.live.arn
  }
}

output "reserved_concurrency" {
  description = "Runs at a time; 0 when it is stopped, -1 when it has no share of its own."
  value       = aws_lambda_function.this.reserved_concurrent_executions
}

output "role" {
  description = "The function's role: its name and ARN."
  value = {
    name = aws_iam_role.this.name
    arn  = aws_iam_role.this.arn
  }
}

output "log_group_name" {
  description = "Log group of the function."
  value       = aws_cloudwatch_log_group.this.name
}

output "dead_letter_queue" {
  description = "The queue of events that were given up: its name, ARN and URL."
  value       = local.dead_letter_queue
}

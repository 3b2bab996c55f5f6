# A job: a function that runs by the clock and by hand, and says so when it did not.
#
#   main.tf       the function
#   schedules.tf  rules that start it by the clock
#   manual.tf     the rule that starts it by hand
#   events.tf     rules that start it when something has happened
#   targets.tf    how the rules reach the function
#   network.tf    its security group in an existing VPC
#   alerts.tf     who is told, and "no run today"

module "function" {
  source = "../function"

  name                  = var.name
  description           = var.description
  code                  = var.function.code
  layers                = var.function.layers
  memory_size           = var.function.memory_size
  timeout               = var.function.timeout
  environment_variables = var.function.environment_variables
  file_system           = var.function.file_system
  tracing               = var.function.tracing
  log_retention_days    = var.function.log_retention_days
  access                = var.access
  network               = one(local.attachment)
  reserved_concurrency  = var.enabled ? var.function.reserved_concurrency : 0
  dead_letter_senders   = [for rule in local.rules : rule.arn]

  alarms = {
    topic_arn        = local.alerts_topic_arn
    duration_seconds = var.alarms.duration_seconds
  }
}

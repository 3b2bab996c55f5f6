output "function" {
  description = "The function: its name, ARN, the ARN of the alias to call, and runs at a time."
  value = {
    name                 = module.function.name
    arn                  = module.function.arn
    alias_arn            = module.function.alias.arn
    reserved_concurrency = module.function.reserved_concurrency
  }
}

output "role" {
  description = "The function's role: its name and ARN."
  value       = module.function.role
}

output "log_group_name" {
  description = "Log group of the function."
  value       = module.function.log_group_name
}

output "dead_letter_queue" {
  description = "The queue of events that were given up: its name, ARN and URL."
  value       = module.function.dead_letter_queue
}

output "schedule_rule_names" {
  description = "Rules that start the job by the clock, in the order of var.schedules."
  value       = [for key in local.schedule_keys : aws_cloudwatch_event_rule.schedule[key].name]
}

output "manual_rule_name" {
  description = "The rule that starts the job by hand."
  value       = aws_cloudwatch_event_rule.manual.name
}

output "event_rule_names" {
  description = "Rules that start the job when something has happened, by the keys of var.events."
  value       = { for key, rule in aws_cloudwatch_event_rule.event : key => rule.name }
}

output "alerts_topic_arn" {
  description = "Topic that all alarms of the job go to."
  value       = local.alerts_topic_arn
}

output "security_group_id" {
  description = "The function's security group; null outside a VPC."
  value       = one(aws_security_group.function[*].id)
}

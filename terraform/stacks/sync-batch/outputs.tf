output "function_name" {
  description = "Name of the function."
  value       = module.job.function.name
}

output "function_arn" {
  description = "ARN of the function, without a version."
  value       = module.job.function.arn
}

output "alias_arn" {
  description = "ARN of the alias live: what the rules call."
  value       = module.job.function.alias_arn
}

output "role_name" {
  description = "Name of the function's role."
  value       = module.job.role.name
}

output "log_group_name" {
  description = "Log group of the function."
  value       = module.job.log_group_name
}

output "dead_letter_queue_url" {
  description = "Queue of events that were given up."
  value       = module.job.dead_letter_queue.url
}

output "schedule_rule_names" {
  description = "Rules that start the job by the clock."
  value       = module.job.schedule_rule_names
}

output "manual_rule_name" {
  description = "The rule that starts the job by hand."
  value       = module.job.manual_rule_name
}

output "alerts_topic_arn" {
  description = "Topic that all alarms go to."
  value       = module.job.alerts_topic_arn
}

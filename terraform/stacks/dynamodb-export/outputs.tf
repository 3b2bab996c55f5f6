output "bucket" {
  description = "Name of the bucket."
  value       = module.data.name
}

output "jobs" {
  description = "Function, role, log group, queue and rules of each job, by its name."
  value = {
    for name, job in module.job : name => {
      function_name         = job.function.name
      alias_arn             = job.function.alias_arn
      role_name             = job.role.name
      log_group_name        = job.log_group_name
      dead_letter_queue_url = job.dead_letter_queue.url
      schedule_rule_names   = job.schedule_rule_names
      manual_rule_name      = job.manual_rule_name
      event_rule_names      = job.event_rule_names
    }
  }
}

output "settings" {
  description = "What the jobs are told, for a run of the same code on another machine."
  value       = local.settings
}

output "alerts_topic_arn" {
  description = "Topic that all alarms go to."
  value       = module.alerts.topic_arn
}

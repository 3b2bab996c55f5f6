output "buckets" {
  description = "Names of the buckets: the NAS's files and all lists; what was deleted on the NAS."
  value       = { raw = module.raw.name, archive = module.archive.name }
}

output "state_machine" {
  description = "The state machine: name, ARN, role, log group, and the command that starts a run."
  value       = module.datasync.state_machine
}

output "schedule_rule_name" {
  description = "The rule that starts the monthly run."
  value       = module.datasync.schedule_rule_name
}

output "functions" {
  description = "By a function's exact name: its name, ARN, alias, role and log group."
  value       = module.datasync.functions
}

output "transfer" {
  description = "DataSync: ARNs of task and agent, log group, role."
  value       = module.datasync.transfer
}

output "endpoint" {
  description = "What activates the agent: DataSync's endpoint, its private address and its group."
  value       = module.datasync.endpoint
}

output "vpn" {
  description = "Mode, connection, gateways, and the parameter with the outside addresses."
  value       = module.datasync.vpn
}

output "search" {
  description = "OpenSearch: endpoint and ARN of the domain."
  value       = module.datasync.search
}

output "table" {
  description = "The catalogue: name and ARN of the table, name of its index."
  value       = module.datasync.table
}

output "alerts_topic_arn" {
  description = "Topic that runs and alarms are told to."
  value       = module.datasync.topic_arn
}

output "dead_letter_queue" {
  description = "Events and notifications that were given up: name, ARN and URL of the queue."
  value       = module.datasync.dead_letter_queue
}

output "dashboard_name" {
  description = "CloudWatch's page of it all."
  value       = module.datasync.dashboard_name
}

output "function_name" {
  description = "Name of the controller's function."
  value       = module.efs.function.name
}

output "controller" {
  description = "Around the controller: role, log group, dead letters, rules."
  value       = module.efs.controller
}

output "file_system" {
  description = "The file system: its id and ARN, and the ARN of its key."
  value       = module.efs.file_system
}

output "access_points" {
  description = "Ids of the access points of controller and tasks."
  value       = module.efs.access_points
}

output "mount_targets" {
  description = "The mount targets that Terraform made; the controller's are in the list."
  value       = module.efs.mount_targets
}

output "list_parameter" {
  description = "SSM parameter with the list of all mount targets: name and ARN."
  value       = module.efs.list_parameter
}

output "service" {
  description = "The ECS service: cluster, name, log group and role of its tasks."
  value       = module.efs.service
}

output "security_group_ids" {
  description = "Security groups of mount targets, controller and tasks."
  value       = module.efs.security_group_ids
}

output "alerts_topic_arn" {
  description = "Topic that all alarms go to."
  value       = module.efs.alerts_topic_arn
}

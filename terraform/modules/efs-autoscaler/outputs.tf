output "function" {
  description = "The controller: its name, ARN, the ARN of the alias to call, and runs at a time."
  value       = module.controller.function
}

output "controller" {
  description = "Around the controller: role, log group, dead letters, rules."
  value = {
    role                = module.controller.role
    log_group_name      = module.controller.log_group_name
    dead_letter_queue   = module.controller.dead_letter_queue
    schedule_rule_names = module.controller.schedule_rule_names
    manual_rule_name    = module.controller.manual_rule_name
  }
}

output "file_system" {
  description = "The file system: its id and ARN, and the ARN of its key."
  value = {
    id          = aws_efs_file_system.this.id
    arn         = aws_efs_file_system.this.arn
    kms_key_arn = aws_kms_key.this.arn
  }
}

output "access_points" {
  description = "Ids of the access points of controller and tasks."
  value       = { for key, point in aws_efs_access_point.this : key => point.id }
}

output "mount_targets" {
  description = "The mount targets that Terraform made, by the keys of var.mount_targets."
  value       = { for key, target in aws_efs_mount_target.initial : key => target.id }
}

output "list_parameter" {
  description = "SSM parameter with the list of all mount targets: name and ARN."
  value = {
    name = aws_ssm_parameter.mount_list.name
    arn  = aws_ssm_parameter.mount_list.arn
  }
}

output "service" {
  description = "The ECS service: names of cluster and service, log group and role of its tasks."
  value = {
    cluster        = aws_ecs_cluster.this.name
    name           = aws_ecs_service.this.name
    log_group_name = aws_cloudwatch_log_group.tasks.name
    task_role      = { name = aws_iam_role.task.name, arn = aws_iam_role.task.arn }
  }
}

output "security_group_ids" {
  description = "Security groups of mount targets, controller and tasks."
  value = {
    mount_targets = aws_security_group.mount_targets.id
    controller    = module.controller.security_group_id
    tasks         = aws_security_group.tasks.id
  }
}

output "alerts_topic_arn" {
  description = "Topic that all alarms go to."
  value       = module.controller.alerts_topic_arn
}

output "buckets" {
  description = "Names of the buckets: what is archived; lists, reports and dumps."
  value       = { archive = module.archive.name, lists = module.lists.name }
}

output "settings" {
  description = "Settings of the command `archive` that follow from this stack."
  value = {
    AWS_REGION             = var.region
    ARCHIVE_BUCKET         = module.archive.name
    ARCHIVE_LISTS_BUCKET   = module.lists.name
    ARCHIVE_BATCH_ROLE_ARN = module.archive.restore_role.arn
    ARCHIVE_INVENTORY      = module.archive.inventory
  }
}

output "restore_role" {
  description = "Name and ARN of the role to give to S3 Batch Operations."
  value       = module.archive.restore_role
}

output "host" {
  description = "The host: its id, role, group, page, and what operators type; null without one."
  value = one([
    for host in module.host : {
      instance_id       = host.instance_id
      data_volume_id    = host.data_volume_id
      role              = host.role
      security_group_id = host.security_group_id
      page              = host.page
      commands          = host.commands
    }
  ])
}

output "alerts_topic_arn" {
  description = "Topic that all alarms go to."
  value       = module.alerts.topic_arn
}

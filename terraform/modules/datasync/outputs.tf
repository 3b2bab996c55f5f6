output "state_machine" {
  description = "The state machine: name, ARN, and the command that starts a run by hand."
  value = {
    name = aws_sfn_state_machine.this.name
    arn  = aws_sfn_state_machine.this.arn
    run = join(" ", [
      "aws stepfunctions start-execution --state-machine-arn ${aws_sfn_state_machine.this.arn}",
      "--input '{\"batch_type\":\"manual\",\"reason\":\"…\"}'",
    ])
    role           = { name = aws_iam_role.pipeline.name, arn = aws_iam_role.pipeline.arn }
    log_group_name = aws_cloudwatch_log_group.pipeline.name
  }
}

output "schedule_rule_name" {
  description = "The rule that starts the monthly run."
  value       = aws_cloudwatch_event_rule.monthly.name
}

output "functions" {
  description = "Each function by its exact name (without suffix): name, ARN, alias, role, log group."
  value = {
    for key, function in module.function : key => {
      name           = function.name
      arn            = function.arn
      alias_arn      = function.alias.arn
      role           = function.role
      log_group_name = function.log_group_name
    }
  }
}

output "transfer" {
  description = "DataSync: ARNs of task and agent (null before activation), log group, S3 role."
  value = {
    task_arn       = one(aws_datasync_task.this[*].arn)
    agent_arn      = one(aws_datasync_agent.this[*].arn)
    log_group_name = aws_cloudwatch_log_group.transfer.name
    role           = { name = aws_iam_role.transfer.name, arn = aws_iam_role.transfer.arn }
  }
}

output "endpoint" {
  description = "What activates the agent: id and private address of DataSync's endpoint, its group."
  value = {
    id                = aws_vpc_endpoint.datasync.id
    private_ip        = one(data.aws_network_interface.datasync.private_ips)
    security_group_id = aws_security_group.datasync.id
  }
}

output "vpn" {
  description = "Mode, connection (null with on_demand), gateways, and the parameter with addresses."
  value = {
    mode                = var.vpn.mode
    connection_id       = one(aws_vpn_connection.this[*].id)
    customer_gateway_id = aws_customer_gateway.this.id
    vpn_gateway_id      = aws_vpn_gateway.this.id
    address_parameter   = one(aws_ssm_parameter.addresses[*].name)
  }
}

output "search" {
  description = "OpenSearch: endpoint and ARN of the domain."
  value       = { endpoint = local.search.endpoint, domain_arn = local.search.domain_arn }
}

output "table" {
  description = "The catalogue: name and ARN of the table, name of its index."
  value = {
    name  = aws_dynamodb_table.files.name
    arn   = aws_dynamodb_table.files.arn
    index = local.batch_index
  }
}

output "topic_arn" {
  description = "Topic that runs and alarms are told to."
  value       = aws_sns_topic.this.arn
}

output "dead_letter_queue" {
  description = "Events and notifications that were given up: name, ARN and URL of the queue."
  value = {
    name = aws_sqs_queue.dead_letters.name
    arn  = aws_sqs_queue.dead_letters.arn
    url  = aws_sqs_queue.dead_letters.url
  }
}

output "dashboard_name" {
  description = "CloudWatch's page of it all."
  value       = aws_cloudwatch_dashboard.this.dashboard_name
}

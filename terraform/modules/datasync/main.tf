# Every month, what changed on a NAS becomes searchable, and what was deleted there is archived.
#
#   network.tf    the VPN to the NAS, and DataSync's endpoint in the VPC
#   transfer.tf   DataSync: agent, locations, task, its log and role
#   pipeline.tf   the state machine, its role and its schedule (definition: templates/)
#   functions.tf  the functions that the state machine calls, and what each may do
#   settings.tf   what each function is told
#   search.tf     the OpenSearch domain
#   catalogue.tf  the table with an item for each file
#   alerts.tf     topic, mail, Slack, dead letters
#   alarms.tf     what wakes a person
#   dashboard.tf  the same on one page

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.name
  account   = data.aws_caller_identity.current.account_id

  name = "CIS-Monthly-Batch-Sync${var.suffix}"

  tags = {
    Environment = var.environment
    Application = "CIS-FileSearch"
    Schedule    = "Monthly"
  }

  # IAM takes a key in one spelling only, and what stacks tag everything with has `environment`.
  role_tags = { for key, value in local.tags : key => value if key != "Environment" }

  arn = { for service in ["datasync", "dynamodb", "ec2", "logs", "sns", "sqs", "ssm", "states"] :
    service => "arn:${local.partition}:${service}:${local.region}:${local.account}"
  }
}

# An archive with everything it can be given, and the bucket beside it that takes its inventory, its
# log, and what S3 Batch Operations reads and writes.

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

provider "aws" {
  region = "ap-northeast-1"
}

variable "kms_key_arn" {
  description = "The key that encrypts what is archived."
  type        = string
}

variable "package" {
  description = "Path of a zip that hosts fetch from the bucket."
  type        = string
}

resource "aws_sns_topic" "alerts" {
  #checkov:skip=CKV_AWS_26:CloudWatch can't publish under the AWS managed key; alarms tell no data
  name = "archive-alerts"
}

module "archive" {
  source = "../.."

  name                   = "example-archive"
  kms_key_arn            = var.kms_key_arn
  unfinished_upload_days = 3
  object_lock            = { mode = "GOVERNANCE", days = 365 }
  eventbridge            = true

  lifecycle_rules = {
    drafts = { prefix = "drafts/", transitions = { STANDARD_IA = 30, GLACIER = 90 }, expire_days = 365 }
  }

  inventory  = { bucket = module.lists.name, frequency = "Weekly" }
  access_log = { bucket = module.lists.name }

  batch_restores = {
    role_name = "example-batch-restore"
    manifests = "example-archive-lists/jobs/*/manifest.csv"
    reports   = "example-archive-lists/jobs/*/reports/*"
  }

  alarms = {
    topic_arns    = [aws_sns_topic.alerts.arn]
    server_errors = 10
    client_errors = 100
  }
}

module "lists" {
  source = "../.."

  name          = "example-archive-lists"
  force_destroy = false
  files         = { "packages/archive-host.zip" = var.package }

  receives = {
    inventories_of = ["example-archive"]
    access_logs_of = ["example-archive"]
  }

  lifecycle_rules = {
    inventory = { prefix = "inventory/", expire_days = 30, expire_noncurrent_days = 1 }
  }
}

output "inventory" {
  description = "Where S3 lists what is archived."
  value       = module.archive.inventory
}

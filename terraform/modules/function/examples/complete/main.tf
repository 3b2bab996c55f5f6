# A function with everything it can be given: layers, access, a VPC, a file system, traces and its
# own share of concurrency.

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

variable "zips" {
  description = "Paths of the zips: the function's code and its libraries."
  type        = object({ code = string, libraries = string })
}

variable "network" {
  description = "Subnets and security groups of the VPC to run in."
  type        = object({ subnet_ids = list(string), security_group_ids = list(string) })
}

variable "file_system" {
  description = "File system with the report's templates, and the access point to it."
  type        = object({ access_point_arn = string, file_system_arn = string })
}

variable "secret_arn" {
  description = "The secret that the function reads."
  type        = string
}

resource "aws_sns_topic" "alerts" {
  #checkov:skip=CKV_AWS_26:CloudWatch can't publish under the AWS managed key; alarms tell no data
  name = "report-alerts"
}

module "report" {
  source = "../.."

  name        = "report"
  description = "Writes the daily report"

  code = {
    zip          = var.zips.code
    handler      = "report.handlers.run"
    runtime      = "python3.13"
    architecture = "arm64"
  }
  layers      = { libraries = var.zips.libraries }
  memory_size = 1024
  timeout     = 300

  environment_variables = {
    REPORT_BUCKET   = "example-reports"
    DB_PASSWORD_ARN = var.secret_arn
  }

  access = {
    secrets       = [var.secret_arn]
    read_objects  = ["example-settings/report.toml"]
    write_objects = ["example-reports/daily/*"]
    statements = {
      AnnounceReports = {
        actions   = ["events:PutEvents"]
        resources = ["arn:aws:events:ap-northeast-1:123456789012:event-bus/default"]
        condition = { StringEquals = { "events:source" = ["example.reports"] } }
      }
    }
  }

  network              = var.network
  file_system          = merge(var.file_system, { mount_path = "/mnt/templates" })
  reserved_concurrency = 1
  async                = { retries = 1, max_age_seconds = 3600 }
  log_retention_days   = 30
  tracing              = true

  alarms = {
    topic_arn        = aws_sns_topic.alerts.arn
    duration_seconds = 240
  }
}

output "alias" {
  description = "What callers call."
  value       = module.report.alias
}

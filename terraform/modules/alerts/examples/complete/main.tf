# A topic that two people read, and one alarm that stays until the next check finds nothing.

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

module "alerts" {
  source = "../.."

  name   = "report-alerts"
  emails = ["batch@example.com", "night@example.com"]

  alarms = {
    report-differences = {
      description = "Report and ledger differ. Read the report's last page."
      metric = {
        namespace  = "example/report"
        name       = "Differences"
        dimensions = { Ledger = "main" }
      }
      at_least   = 1
      until_next = true
    }
  }
}

output "topic_arn" {
  description = "What the alarms of other modules are given."
  value       = module.alerts.topic_arn
}

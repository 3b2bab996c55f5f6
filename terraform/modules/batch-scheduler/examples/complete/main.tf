# A job that runs twice a day next to a database and once more when figures were corrected, starts
# by hand in this environment when an event names it, and tells two people when something is wrong.

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
  description = "Existing VPC, private subnets, and the database's security group."
  type = object({
    vpc_id                     = string
    private_subnet_ids         = list(string)
    database_security_group_id = string
  })
}

variable "password_secret_arn" {
  description = "Secret with the database's password."
  type        = string
}

module "report" {
  source = "../.."

  name        = "report-dev"
  description = "Writes the daily report"
  job         = "report"
  environment = "dev"
  schedules   = ["cron(0 15 * * ? *)", "cron(0 3 * * ? *)"]
  events = {
    corrected = {
      source      = "example.reports"
      detail_type = "FiguresCorrected"
      detail      = { environment = ["dev"] }
    }
  }
  enabled = true

  manual_trigger = {
    default_job         = false
    default_environment = false
  }

  function = {
    code = {
      zip     = var.zips.code
      handler = "report.handlers.run"
    }
    layers                = { libraries = var.zips.libraries }
    memory_size           = 1024
    timeout               = 600
    environment_variables = { DB_PASSWORD_ARN = var.password_secret_arn }
    reserved_concurrency  = 2
    tracing               = true
  }

  access = {
    secrets       = [var.password_secret_arn]
    write_objects = ["example-reports/daily/*"]
    statements = {
      ReadFigures = {
        actions   = ["dynamodb:Query"]
        resources = ["arn:aws:dynamodb:ap-northeast-1:123456789012:table/figures"]
      }
    }
  }

  network = {
    vpc_id             = var.network.vpc_id
    private_subnet_ids = var.network.private_subnet_ids
    database = {
      port              = 5432
      security_group_id = var.network.database_security_group_id
    }
  }

  alerts = { emails = ["batch@example.com", "night@example.com"] }
  alarms = { duration_seconds = 480, no_run_hours = 14 }
}

output "schedule_rule_names" {
  description = "What to disable to stop the clock: aws events disable-rule --name …"
  value       = module.report.schedule_rule_names
}

# An archive host with everything it can be given: two shares, a login for the page, S3 Batch
# Operations, keys of one's own.

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

variable "network" {
  description = "VPC, private subnet, the file servers' and the office's addresses."
  type = object({
    vpc_id            = string
    subnet_id         = string
    file_server_cidrs = set(string)
    dns_server_cidrs  = set(string)
    office_cidrs      = set(string)
  })
}

variable "secrets" {
  description = "ARNs of the secrets: the file server's user, and the page's login."
  type        = object({ file_server = string, page_login = string })
}

variable "package" {
  description = "The archive command: bucket, key and SHA-256 of its zip."
  type        = object({ bucket = string, key = string, sha256 = string })
}

variable "batch_role_arn" {
  description = "Role that S3 Batch Operations restores with."
  type        = string
}

variable "kms_key_arn" {
  description = "Key that disks, buckets and secrets are encrypted with."
  type        = string
}

resource "aws_sns_topic" "alerts" {
  #checkov:skip=CKV_AWS_26:CloudWatch can't publish under the AWS managed key; alarms tell no data
  name = "archive-alerts"
}

module "host" {
  source = "../.."

  name           = "archive-host"
  archive_bucket = "example-archive"
  lists          = { bucket = "example-archive-lists" }
  package        = var.package

  instance    = { type = "m7g.large", root_volume_gb = 60 }
  data_volume = { size_gb = 100, kms_key_arn = var.kms_key_arn }

  network = {
    vpc_id            = var.network.vpc_id
    subnet_id         = var.network.subnet_id
    file_server_cidrs = var.network.file_server_cidrs
    dns_server_cidrs  = var.network.dns_server_cidrs
    page              = { port = 8501, cidrs = var.network.office_cidrs }
  }

  shares = {
    main = {
      server                 = "fsx-server-name"
      share                  = "share"
      credentials_secret_arn = var.secrets.file_server
    }
    sales = {
      server                 = "fsx-server-name"
      share                  = "営業"
      address                = "10.1.2.3"
      credentials_secret_arn = var.secrets.file_server
    }
  }

  page_login_secret_arn = var.secrets.page_login
  settings              = { ARCHIVE_RESTORE_FOLDER = "/srv/shares/main/restored" }

  access = {
    batch_role_arn = var.batch_role_arn
    kms_key_arns   = [var.kms_key_arn]
  }

  alarms = {
    topic_arn           = aws_sns_topic.alerts.arn
    data_volume_percent = 70
  }
}

output "commands" {
  description = "What an operator types."
  value       = module.host.commands
}

# A file system of production with everything it can be given: steady throughput that is paid for,
# old files in a cheaper tier, two zones at first and a third to grow into, tasks on Fargate.

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
  description = "VPC, and a private subnet in each of three zones."
  type = object({
    vpc_id  = string
    subnets = object({ a = string, c = string, d = string })
  })
}

variable "zips" {
  description = "What `make package` built: code and layers."
  type        = object({ code = string, batchworks = string, libraries = string })
}

variable "image" {
  description = "The application in ECR, built upon scripts/efs_mounts."
  type        = string
}

variable "protected" {
  description = "Refuse every plan that would destroy the file system."
  type        = bool
  default     = true
}

module "files" {
  source = "../.."

  name           = "incoming-files"
  environment    = "prd"
  list_parameter = "/app/efs/incoming-files"
  protected      = var.protected
  enabled        = true

  network = {
    vpc_id               = var.network.vpc_id
    private_subnet_ids   = [var.network.subnets.a, var.network.subnets.c]
    candidate_subnet_ids = values(var.network.subnets)
  }
  mount_targets = { a = var.network.subnets.a, c = var.network.subnets.c }

  file_system = {
    performance_mode  = "generalPurpose"
    throughput_mode   = "provisioned"
    provisioned_mibps = 128
    lifecycle         = { to_ia = "AFTER_30_DAYS", to_primary = "AFTER_1_ACCESS" }
    backups           = true
    root_directory    = "/incoming"
    owner             = { uid = 2000, gid = 2000 }
  }

  counting = { directory = "documents", threshold = 250000, workers = 64 }

  function = {
    code        = { zip = var.zips.code }
    layers      = { batchworks = var.zips.batchworks, libraries = var.zips.libraries }
    memory_size = 2048
    log_level   = "DEBUG"
  }

  launch_type = "FARGATE"
  service = {
    image       = var.image
    command     = ["serve", "--port", "8080"]
    environment = { GREETING = "hello" }
    tasks       = { min = 3, max = 12, cpu_percent = 60 }
  }

  alerts = { emails = ["storage@example.com"] }
  alarms = { error_rate_percent = 10, io_limit_percent = 70, missing_tasks_minutes = 10 }
}

output "list_parameter" {
  description = "Where containers find the list."
  value       = module.files.list_parameter.name
}

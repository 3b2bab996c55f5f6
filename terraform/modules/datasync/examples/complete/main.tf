# A NAS of production with everything it can be given: NFS at half the speed, a VPN connection for
# each run, a domain of its own in a VPC, 50 extractions at a time.

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
  description = "VPC, two private subnets and their route table."
  type = object({
    vpc_id         = string
    subnets        = object({ a = string, c = string })
    route_table_id = string
  })
}

variable "secrets" {
  description = "ARNs of the secrets with the VPN's pre-shared keys and Slack's webhook."
  type        = object({ preshared_keys = string, slack = string })
}

variable "zips" {
  description = "What `make package` built: code and layers."
  type = object({
    code = string
    layers = object({
      batchworks = string
      nas_sync   = string
      text       = string
      images     = string
    })
  })
}

variable "activation_key" {
  description = "What the agent told; null before that."
  type        = string
  default     = null
}

variable "protected" {
  description = "Refuse to delete the table and the domain."
  type        = bool
  default     = true
}

module "raw" {
  source = "../../../archive-bucket"

  name = "cis-filesearch-raw-files"
}

module "archive" {
  source = "../../../archive-bucket"

  name = "cis-filesearch-archived-files"
}

module "files" {
  source = "../.."

  environment = "prd"
  suffix      = ""
  protected   = var.protected
  enabled     = true

  buckets = {
    raw     = { name = module.raw.name, arn = module.raw.arn }
    archive = { name = module.archive.name, arn = module.archive.arn }
  }

  network = {
    vpc_id          = var.network.vpc_id
    subnet_id       = var.network.subnets.a
    route_table_ids = [var.network.route_table_id]
    nas_cidr        = "192.168.10.0/24"
  }

  vpn = {
    mode                      = "on_demand"
    router_ip                 = "203.0.113.10"
    bgp_asn                   = 65010
    inside_cidrs              = ["169.254.20.0/30", "169.254.20.4/30"]
    preshared_keys_secret_arn = var.secrets.preshared_keys
    address_parameter         = "/cis-filesearch/vpn/outside-addresses"
  }

  agent = { activation_key = var.activation_key }

  nas = {
    protocol        = "NFS"
    version         = "NFS4_1"
    server_hostname = "nas.example.internal"
    subdirectory    = "/export/documents"
  }

  transfer = {
    bytes_per_second       = 6250000
    preserve_deleted_files = "REMOVE"
    storage_class          = "STANDARD"
    includes               = ["/sales*", "/engineering*"]
    excludes               = ["*.tmp", "*/Thumbs.db"]
  }

  schedule = "cron(0 15 ? * SAT *)"

  functions = {
    zip                = var.zips.code
    layers             = var.zips.layers
    concurrency        = 50
    log_level          = "DEBUG"
    log_retention_days = 365
  }

  processing = {
    brake_percent        = 10
    failure_percent      = 2
    work_file_size       = 50
    max_text_characters  = 20000
    max_file_bytes       = 104857600
    extraction_seconds   = 30
    extraction_memory_mb = 1024
    bulk_chunk           = 250
  }

  model = {
    key    = "models/resnet50.onnx"
    sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
  }

  search = {
    create = { instance_type = "r7g.large.search", instance_count = 2, volume_gb = 100 }
    network = {
      subnet_ids         = values(var.network.subnets)
      security_group_ids = ["sg-0123456789abcdef0"]
    }
  }

  pacing = { vpn_wait_seconds = 120, vpn_checks = 20, transfer_checks = 288 }

  alerts = { emails = ["it@example.com"], slack_secret_arn = var.secrets.slack }
  alarms = { no_success_days = 8, idle_vpn_hours = 3 }
  budget = { limit_usd = 200 }
}

output "run" {
  description = "How a person starts a run."
  value       = module.files.state_machine.run
}

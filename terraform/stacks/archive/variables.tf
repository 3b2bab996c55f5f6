variable "host" {
  description = <<-EOT
    The host that operators work on: the file shares it mounts (by a short name, each with the
    secret of its credentials), where file servers and their DNS are, who opens the lookup page, and
    its size. Null leaves the host out: the command then runs elsewhere, and nothing dumps.
  EOT
  type = object({
    shares = map(object({
      server                 = string
      share                  = string
      address                = optional(string)
      credentials_secret_arn = string
    }))
    file_server_cidrs = set(string)
    dns_server_cidrs  = optional(set(string), [])
    subnet_id         = optional(string)
    page = optional(object({
      port               = optional(number, 8501)
      security_group_ids = optional(set(string), [])
      cidrs              = optional(set(string), [])
    }), {})
    page_login_secret_arn = optional(string)
    secrets_kms_key_arn   = optional(string)
    instance = optional(object({
      type           = optional(string, "t4g.medium")
      ami            = optional(string)
      ami_parameter  = optional(string, "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64")
      root_volume_gb = optional(number, 30)
    }), {})
    data_volume_gb = optional(number, 50)
    settings       = optional(map(string), {})
  })
}

variable "buckets" {
  description = "Names of the buckets, which are unique in all of AWS, where ours are taken."
  type = object({
    archive = optional(string)
    lists   = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = coalesce(var.buckets.archive, "archive") != coalesce(var.buckets.lists, "lists")
    error_message = "Write two names: lists and dumps lie apart from what is archived."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts both buckets; null takes S3's own."
  type        = string
  default     = null
}

variable "object_lock" {
  description = "Mode and days in which nobody may delete an archived version; null for none."
  type = object({
    mode = string
    days = number
  })
  default = null
}

variable "inventory" {
  description = "How often S3 lists what is archived: Daily or Weekly."
  type        = string
  default     = "Daily"
  nullable    = false
}

variable "access_log" {
  description = "Existing bucket, and prefix, that take the log of requests to both buckets."
  type = object({
    bucket = string
    prefix = optional(string, "access-log/")
  })
  default = null
}

variable "keep_days" {
  description = "Days that inventories, and dumps of the archive list, stay."
  type = object({
    inventory = optional(number, 30)
    dumps     = optional(number, 90)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.keep_days.inventory >= 8 && var.keep_days.dumps >= 8
    error_message = "Write 8 days or more: what fails at a weekend has to be there a week later."
  }
}

variable "force_destroy" {
  description = "Destroy the buckets with everything in them; refused in prd."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !(var.force_destroy && var.environment == "prd")
    error_message = "Leave force_destroy out in prd: what is archived has no other copy."
  }
}

variable "build" {
  description = "Folder of what `make package` builds."
  type        = string
  default     = "../../../build/aws"
  nullable    = false
}

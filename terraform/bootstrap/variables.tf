variable "region" {
  description = "AWS region of the state bucket and of everything the roles may manage."
  type        = string
  default     = "ap-northeast-1"
  nullable    = false
}

variable "github_subject_prefix" {
  description = <<-EOT
    How the tokens of the only repository that gets roles begin: repo:owner/name, or with ids, as
    those of repositories made since July 2026 do: repo:owner@1/name@2. README.md has the command
    that prints it.
  EOT
  type        = string
  nullable    = false

  validation {
    condition = can(regex(
      "^repo:([\\w-]+/[\\w.-]+|[\\w-]+@[0-9]+/[\\w.-]+@[0-9]+)$", var.github_subject_prefix
    ))
    error_message = "Write repo:owner/name, or repo:owner@id/name@id with both ids; no wildcards."
  }
}

variable "state_bucket" {
  description = "Name of the state bucket; it has to be unique in the world."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.state_bucket))
    error_message = "Write 3 to 63 small letters, digits and -, the bucket of <env>.tfbackend."
  }
}

variable "environments" {
  description = "Environments in this account, each with the VPC its jobs run in, as in its tfvars."
  type = map(object({
    network = object({
      vpc_id                     = string
      database_security_group_id = optional(string)
    })
  }))
  nullable = false

  validation {
    condition     = length(var.environments) > 0
    error_message = "Name the environments of this account: dev, prd, or both."
  }
}

variable "systems" {
  description = <<-EOT
    Stacks that the apply roles manage, each with every resource whose name is, or begins with,
    <system>-<environment>: sync-batch always, the others in dev; in prd these are <system> alone.
  EOT
  type        = set(string)
  default     = ["archive", "dynamodb-export", "efs-autoscaler", "nas-sync", "sync-batch"]
  nullable    = false

  validation {
    condition = length(var.systems) > 0 && alltrue([
      for system in var.systems : can(regex("^[a-z][a-z0-9-]+$", system)) && system != "batchworks"
    ])
    error_message = "Name folders of terraform/stacks; batchworks is the roles' own name."
  }
}

variable "buckets" {
  description = "Names of a stack's buckets, by stack, where they aren't batchworks-<stack>."
  type        = map(set(string))
  default     = {}
  nullable    = false
}

variable "environment" {
  description = "The environment these roles work on."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["dev", "prd"], var.environment)
    error_message = "Write dev or prd: the environments that workflows plan and apply."
  }
}

variable "github" {
  description = "GitHub's identity provider, and how the repository's subjects begin."
  type = object({
    provider_arn   = string
    subject_prefix = string
  })
  nullable = false
}

variable "network" {
  description = "The VPC, and the security group of others that jobs add a rule to."
  type = object({
    vpc_id                     = string
    database_security_group_id = optional(string)
  })
  nullable = false

  validation {
    condition     = can(regex("^vpc-[0-9a-f]+$", var.network.vpc_id))
    error_message = "Write network.vpc_id as AWS shows it: vpc- and digits."
  }

  validation {
    condition     = can(regex("^sg-[0-9a-f]+$", coalesce(var.network.database_security_group_id, "sg-0")))
    error_message = "Write network.database_security_group_id as AWS shows it: sg- and digits."
  }
}

variable "region" {
  description = "The only region in which the roles manage anything."
  type        = string
  nullable    = false
}

variable "state_bucket" {
  description = "Bucket of Terraform's state; this environment's lies below <environment>/."
  type        = string
  nullable    = false
}

variable "systems" {
  description = "Systems whose resources the apply role manages."
  type        = set(string)
  nullable    = false

  validation {
    condition     = alltrue([for system in var.systems : contains(keys(local.needs), system)])
    error_message = "Say in roles/stacks.tf what a new system holds."
  }
}

variable "buckets" {
  description = "Names of a system's buckets, by system, where they aren't batchworks-<system>."
  type        = map(set(string))
  default     = {}
  nullable    = false
}

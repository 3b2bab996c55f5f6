variable "candidate_subnet_ids" {
  description = "Subnets that the controller may create mount targets in; none: any of the VPC."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "mount_targets" {
  description = <<-EOT
    Subnets of the first mount targets, under keys of yours, one in each zone of the private
    subnets; null takes these.
  EOT
  type        = map(string)
  default     = null
}

variable "file_system" {
  description = <<-EOT
    How EFS keeps and serves the files, in the terms of the module; null takes its defaults.
  EOT
  type = object({
    performance_mode  = optional(string)
    throughput_mode   = optional(string)
    provisioned_mibps = optional(number)
    lifecycle = optional(object({
      to_ia      = optional(string)
      to_archive = optional(string)
      to_primary = optional(string)
    }))
    backups        = optional(bool)
    root_directory = optional(string)
    owner          = optional(object({ uid = optional(number), gid = optional(number) }))
  })
  default  = {}
  nullable = false
}

variable "counting" {
  description = "Which folder's files are counted, from how many on a mount target is added, how."
  type = object({
    directory = optional(string)
    threshold = optional(number)
    workers   = optional(number)
  })
  default  = {}
  nullable = false
}

variable "launch_type" {
  description = "EC2: a task mounts every target. FARGATE: it has the one of its zone."
  type        = string
  default     = "EC2"
  nullable    = false
}

variable "capacity" {
  description = "The machines of launch type EC2."
  type = object({
    instance_type = optional(string)
    ami_parameter = optional(string)
    machines      = optional(object({ min = optional(number), max = optional(number) }))
  })
  default  = {}
  nullable = false
}

variable "service" {
  description = "The application: image, command, settings, how many tasks."
  type = object({
    image        = string
    architecture = optional(string)
    command      = optional(list(string))
    environment  = optional(map(string))
    health_check = optional(list(string))
    tasks = optional(object({
      min            = optional(number)
      max            = optional(number)
      cpu_percent    = optional(number)
      memory_percent = optional(number)
    }))
    log_retention_days = optional(number)
  })
  nullable = false
}

variable "function" {
  description = "The controller's memory and log level."
  type = object({
    memory_size = optional(number)
    log_level   = optional(string)
  })
  default  = {}
  nullable = false
}

variable "enabled" {
  description = "False stops the controller: neither the clock nor a manual event starts it."
  type        = bool
  default     = true
  nullable    = false
}

variable "protected" {
  description = "Refuse every plan that would destroy the file system; always so in prd."
  type        = bool
  default     = true
  nullable    = false

  validation {
    condition     = var.protected || var.environment != "prd"
    error_message = "Leave protected out in prd: the files have no other copy."
  }
}

variable "build" {
  description = "Folder of the zips that `make package` builds."
  type        = string
  default     = "../../../build/aws"
  nullable    = false
}

variable "tables" {
  description = <<-EOT
    Tables by their name, and what the daily runs do with each: scan (read by export-dynamodb),
    native or incremental (exported by DynamoDB, whole or what changed), request (nothing: somebody
    asks). A scan may be kept to a percent of the provisioned capacity, or to items a second.
  EOT
  type = map(object({
    mode = string
    read_limit = optional(object({
      percent          = optional(number)
      items_per_second = optional(number)
    }))
  }))
  default = {
    moderation-craft-prod     = { mode = "scan" }
    moderation-craft-projects = { mode = "native" }
    moderation-craft-sessions = { mode = "native" }
    moderation-craft-tasks    = { mode = "native" }
    moderation-craft-users    = { mode = "native" }
  }
  nullable = false

  validation {
    condition = length(var.tables) > 0 && alltrue([
      for name in keys(var.tables) : can(regex("^[A-Za-z0-9_.-]{3,255}$", name))
    ])
    error_message = "Write each table by its name (3 to 255 letters, digits, _, . or -), no ARN."
  }

  validation {
    condition = alltrue([
      for table in var.tables : contains(["scan", "native", "incremental", "request"], table.mode)
    ])
    error_message = "Write mode = \"scan\", \"native\", \"incremental\" or \"request\"."
  }

  validation {
    condition = alltrue([
      for table in var.tables : table.read_limit == null ? true : (
        length(compact([table.read_limit.percent, table.read_limit.items_per_second])) == 1
      )
    ])
    error_message = "Write one of read_limit.percent and read_limit.items_per_second, or no limit."
  }

  validation {
    condition = alltrue(flatten([
      for table in var.tables : table.read_limit == null ? [] : [
        contains(range(1, 101), coalesce(table.read_limit.percent, 1)),
        can(regex("^[1-9][0-9]{0,6}$", coalesce(table.read_limit.items_per_second, 1))),
      ]
    ]))
    error_message = "Write percent from 1 to 100, items_per_second from 1 to 9999999, both whole."
  }

  # Lambda takes 4 KB of environment variables in all (its quotas); a part is left for the others.
  validation {
    condition     = length(jsonencode(var.tables)) <= 3500
    error_message = "So many tables don't fit into a function's settings: write a second stack."
  }
}

variable "table_name" {
  description = "The table that export-dynamodb reads when a request names none; one of tables."
  type        = string
  default     = "moderation-craft-prod"
  nullable    = false

  validation {
    condition     = contains(keys(var.tables), var.table_name)
    error_message = "Write one of the tables: ${join(", ", keys(var.tables))}."
  }
}

variable "bucket" {
  description = "Name of the bucket, which is unique in all of AWS, where ours is taken."
  type        = string
  default     = null
}

variable "export" {
  description = <<-EOT
    How a scan is written: format array (one JSON array, an item a line) or lines (JSON Lines), with
    gzip or without, read in so many segments at a time.
  EOT
  type = object({
    format   = optional(string, "array")
    gzip     = optional(bool, false)
    segments = optional(number, 4)
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["array", "lines"], var.export.format)
    error_message = "Write format = \"array\" or \"lines\"."
  }

  validation {
    condition     = contains(range(1, 65), var.export.segments)
    error_message = "Write segments as a whole number from 1 to 64."
  }
}

variable "jobs" {
  description = <<-EOT
    What is different from the defaults of a job, by its name: schedules (UTC), memory_size (MB),
    timeout (seconds).
  EOT
  type = map(object({
    schedules   = optional(list(string))
    memory_size = optional(number)
    timeout     = optional(number)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for job in keys(var.jobs) : contains(local.job_names, job)])
    error_message = "Write each job by its name: ${join(", ", local.job_names)}."
  }
}

locals {
  job_names = ["export-dynamodb", "batch-export", "export-follow-up", "partition-manager"]
}

variable "enabled" {
  description = "False stops all jobs: neither the clock nor an event starts them."
  type        = bool
  default     = true
  nullable    = false
}

variable "default_environment" {
  description = "Manual events without an environment start this one. True in one of an account."
  type        = bool
  default     = false
  nullable    = false
}

variable "debug" {
  description = "Log at level DEBUG, too."
  type        = bool
  default     = false
  nullable    = false
}

variable "force_destroy" {
  description = "Destroy the bucket with everything in it; refused in prd."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !(var.force_destroy && var.environment == "prd")
    error_message = "Leave force_destroy out in prd: days that were exported can't be exported again."
  }
}

variable "build" {
  description = "Folder of the zips that `make package` builds."
  type        = string
  default     = "../../../build/aws"
  nullable    = false
}

variable "name" {
  description = "Name of the function; role, log group, queue and alarms are named after it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,64}$", var.name))
    error_message = "Write a name of 1 to 64 letters, digits, - or _, such as sync-batch-prd."
  }
}

variable "description" {
  description = "One line for people who find the function in the console."
  type        = string
  nullable    = false
}

variable "code" {
  description = "The zip with the code, the function in it that Lambda calls, and what runs it."
  type = object({
    zip          = string
    handler      = string
    runtime      = optional(string, "python3.13")
    architecture = optional(string, "arm64")
  })
  nullable = false

  validation {
    condition     = contains(["arm64", "x86_64"], var.code.architecture)
    error_message = "Write architecture = \"arm64\" or \"x86_64\"."
  }

  validation {
    condition     = can(regex("^[\\w.-]+\\.\\w+$", var.code.handler))
    error_message = "Write handler = \"module.function\", such as sync_batch.handlers.run."
  }
}

variable "layers" {
  description = "Zips to publish as layers: a name for each, and its path."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(var.layers) <= 5
    error_message = "Lambda takes 5 layers at most: merge some of them into one zip."
  }
}

variable "memory_size" {
  description = "Memory in MB; CPU grows with it."
  type        = number
  default     = 512
  nullable    = false

  validation {
    condition     = var.memory_size >= 128 && var.memory_size <= 10240
    error_message = "Write a memory_size from 128 to 10240 MB."
  }
}

variable "temporary_storage" {
  description = "MB of /tmp."
  type        = number
  default     = 512
  nullable    = false

  validation {
    condition     = var.temporary_storage >= 512 && var.temporary_storage <= 10240
    error_message = "Write a temporary_storage from 512 to 10240 MB."
  }
}

variable "timeout" {
  description = "Seconds after which Lambda stops a run."
  type        = number
  default     = 900
  nullable    = false

  validation {
    condition     = var.timeout >= 1 && var.timeout <= 900
    error_message = "Write a timeout from 1 to 900 seconds; a longer job needs another service."
  }
}

variable "environment_variables" {
  description = "Settings of the function. Never secrets: give their ARNs."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "access" {
  description = <<-EOT
    What the function may use: ARNs of secrets it reads, S3 objects it reads or writes.
    An object is "bucket/key"; a key that ends in * means everything below it.
    Whatever else it uses (a table, a bus, a parameter) is one of the statements, each under its
    Sid and with the condition it holds under, if any: operator, key, values.
    The boundary is the ARN of a policy that the function's role may never exceed.
  EOT
  type = object({
    secrets       = optional(list(string), [])
    read_objects  = optional(list(string), [])
    write_objects = optional(list(string), [])
    statements = optional(map(object({
      actions   = list(string)
      resources = list(string)
      condition = optional(map(map(list(string))), {})
    })), {})
    boundary = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for arn in var.access.secrets :
      can(regex("^arn:[\\w-]+:secretsmanager:[\\w-]+:\\d{12}:secret:[^*]+$", arn))
    ])
    error_message = "Write each secret as its whole ARN (arn:aws:secretsmanager:…:secret:…), no *."
  }

  validation {
    condition = alltrue([
      for key in concat(var.access.read_objects, var.access.write_objects) :
      can(regex("^[a-z0-9][a-z0-9.-]+/[^*]+\\*?$", key))
    ])
    error_message = "Write each object as bucket/key or bucket/prefix/*, never a whole bucket."
  }

  validation {
    condition = alltrue([
      for sid in keys(var.access.statements) :
      can(regex("^[A-Za-z0-9]+$", sid)) && !contains(local.own_sids, sid)
    ])
    error_message = <<-EOT
      Write each statement under a Sid of letters and digits that says what for, such as
      ScanTables, and that is none of the module's own: ${join(", ", local.own_sids)}.
    EOT
  }

  validation {
    condition = alltrue([
      for statement in var.access.statements :
      length(statement.actions) > 0 && alltrue([
        for action in statement.actions : can(regex("^[a-z0-9-]+:[A-Za-z0-9]+$", action))
      ])
    ])
    error_message = "Write each action by its whole name, such as dynamodb:Scan, no *."
  }

  validation {
    condition = alltrue(flatten([
      for statement in var.access.statements : [
        for resource in statement.resources :
        can(regex("^arn:[\\w-]+:[^*]", resource)) || resource == "*"
      ]
    ]))
    error_message = "Write each resource as an ARN that names its service (arn:aws:dynamodb:…)."
  }

  validation {
    condition = alltrue([
      for statement in var.access.statements :
      !contains(statement.resources, "*") || alltrue([
        for action in statement.actions : can(regex(local.unnamed_actions, action))
      ])
    ])
    error_message = <<-EOT
      Write the ARNs instead of "*": AWS lets a policy name what these actions work on. Only
      ${local.unnamed_actions} have no resources.
    EOT
  }

  validation {
    condition = var.access.boundary == null ? true : (
      can(regex("^arn:[\\w-]+:iam::\\d{12}:policy/.+$", var.access.boundary))
    )
    error_message = "Write the boundary as the ARN of a policy (arn:aws:iam::…:policy/…)."
  }
}

variable "network" {
  description = "Subnets and security groups of the VPC to run in; null for none."
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
  default = null

  validation {
    condition = var.network == null ? true : (
      length(var.network.subnet_ids) > 0 && length(var.network.security_group_ids) > 0
    )
    error_message = "Give at least one subnet and one security group, or network = null."
  }
}

variable "file_system" {
  description = <<-EOT
    EFS file system that the function reads and writes at mount_path, through an access point;
    null for none. It needs a mount target in every zone of the network's subnets.
  EOT
  type = object({
    access_point_arn = string
    file_system_arn  = string
    mount_path       = string
  })
  default = null

  validation {
    condition     = var.file_system == null ? true : var.network != null
    error_message = "Give a network, too: Lambda reaches a file system from inside its VPC only."
  }

  validation {
    condition = var.file_system == null ? true : (
      can(regex("^/mnt/[A-Za-z0-9_.-]+$", var.file_system.mount_path))
    )
    error_message = "Write mount_path as one folder below /mnt, such as /mnt/efs."
  }

  validation {
    condition = var.file_system == null ? true : (
      can(regex(":access-point/[^/*]+$", var.file_system.access_point_arn)) &&
      can(regex(":file-system/[^/*]+$", var.file_system.file_system_arn))
    )
    error_message = <<-EOT
      Write access_point_arn as arn:aws:elasticfilesystem:…:access-point/fsap-… and
      file_system_arn as arn:aws:elasticfilesystem:…:file-system/fs-….
    EOT
  }
}

variable "reserved_concurrency" {
  description = "Runs at a time, taken from the account's share; 0 stops the function; null shares."
  type        = number
  default     = null

  validation {
    condition     = var.reserved_concurrency == null ? true : var.reserved_concurrency >= 0
    error_message = "Write 0 to stop the function, a number of runs, or null for no limit."
  }
}

variable "async" {
  description = "How often Lambda repeats a failed event, and how long, before it gives up."
  type = object({
    retries         = optional(number, 2)
    max_age_seconds = optional(number, 21600)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.async.retries >= 0 && var.async.retries <= 2
    error_message = "Write retries = 0, 1 or 2."
  }

  validation {
    condition     = var.async.max_age_seconds >= 60 && var.async.max_age_seconds <= 21600
    error_message = "Write max_age_seconds from 60 (a minute) to 21600 (six hours)."
  }
}

variable "dead_letter_senders" {
  description = "ARNs of EventBridge rules that may put events they could not deliver in the queue."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "dead_letter_queue" {
  description = "Queue for events that were given up, where functions share one; null makes one."
  type        = object({ name = string, arn = string, url = string })
  default     = null
}

variable "log_retention_days" {
  description = "Days that log lines are kept."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition = contains(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731], var.log_retention_days
    )
    error_message = "Write a number of days that CloudWatch offers, such as 7, 14, 30, 90 or 365."
  }
}

variable "tracing" {
  description = "Record runs in X-Ray."
  type        = bool
  default     = false
  nullable    = false
}

variable "alarms" {
  description = <<-EOT
    Topic that alarms go to, the seconds from which a run counts as too long, and which alarms there
    are: all four unless on names fewer.
  EOT
  type = object({
    topic_arn        = string
    duration_seconds = number
    on               = optional(set(string), ["errors", "duration", "throttles", "dead-letters"])
  })
  nullable = false

  validation {
    condition = alltrue([
      for key in var.alarms.on : contains(["errors", "duration", "throttles", "dead-letters"], key)
    ])
    error_message = "Write on = [\"errors\", \"duration\", \"throttles\", \"dead-letters\"], or fewer of them."
  }

  validation {
    condition     = var.alarms.duration_seconds > 0
    error_message = "Write the seconds from which a run is too long, such as 600."
  }
}

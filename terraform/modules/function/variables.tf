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
    The boundary is the ARN of a policy that the function's role may never exceed.
  EOT
  type = object({
    secrets       = optional(list(string), [])
    read_objects  = optional(list(string), [])
    write_objects = optional(list(string), [])
    boundary      = optional(string)
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
  description = "Topic that alarms go to, and the seconds from which a run counts as too long."
  type = object({
    topic_arn        = string
    duration_seconds = number
  })
  nullable = false

  validation {
    condition     = var.alarms.duration_seconds > 0
    error_message = "Write the seconds from which a run is too long, such as 600."
  }
}

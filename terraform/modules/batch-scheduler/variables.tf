variable "name" {
  description = "Name of the function; rules, alarms, topic and security group are named after it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,50}$", var.name))
    error_message = "Write a name of 1 to 50 letters, digits, - or _, such as sync-batch-prd."
  }
}

variable "description" {
  description = "What the job does, in one line."
  type        = string
  nullable    = false
}

variable "job" {
  description = "The job's name in manual events: {\"job\": \"…\"}."
  type        = string
  nullable    = false

  validation {
    condition     = length(trimspace(var.job)) > 0
    error_message = "Write the name that manual events use for this job, such as sync-batch."
  }
}

variable "environment" {
  description = "The environment's name in manual events: {\"environment\": \"…\"}."
  type        = string
  nullable    = false

  validation {
    condition     = length(trimspace(var.environment)) > 0
    error_message = "Write the environment's name, such as prd."
  }
}

variable "manual_trigger" {
  description = <<-EOT
    Whether a manual event that names no job, or no environment, starts this one. True for one
    job of an account, and in one environment of an account: such an event then starts one run.
  EOT
  type = object({
    default_job         = optional(bool, false)
    default_environment = optional(bool, false)
  })
  default  = {}
  nullable = false
}

variable "schedules" {
  description = "When to run: cron or rate expressions of EventBridge, in UTC."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.schedules) > 0
    error_message = "Write at least one schedule, such as cron(0 15 * * ? *) for 00:00 in Tokyo."
  }

  validation {
    condition     = length(var.schedules) == length(distinct(var.schedules))
    error_message = "Write each schedule once: two equal ones start two runs at the same time."
  }

  validation {
    condition = alltrue([
      for schedule in var.schedules :
      can(regex("^cron\\(\\S+ \\S+ (\\? \\S+ \\S+|\\S+ \\S+ \\?) \\S+\\)$", schedule)) ||
      can(regex("^rate\\(1 (minute|hour|day)\\)$", schedule)) ||
      can(regex("^rate\\(([2-9]|[1-9]\\d+) (minutes|hours|days)\\)$", schedule))
    ])
    error_message = <<-EOT
      Write cron(minutes hours day-of-month month day-of-week year) in UTC with ? in one of the two
      day fields, such as cron(0 15 * * ? *), or a rate such as rate(6 hours) or rate(1 day).
    EOT
  }
}

variable "events" {
  description = <<-EOT
    Further events of the default bus that start the job: source and detail-type, and the values
    that fields of the detail must have, if any. The rule of each is <name>-on-<key>.
  EOT
  type = map(object({
    source      = string
    detail_type = string
    detail      = optional(map(list(string)), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for key in keys(var.events) :
      can(regex("^[a-z0-9-]{1,10}$", key)) && key != "manual" && !startswith(key, "schedule")
    ])
    error_message = <<-EOT
      Write each key of 1 to 10 small letters, digits or -, such as completed; manual and
      schedule… are the names of the module's own rules.
    EOT
  }

  validation {
    condition = alltrue([
      for event in var.events : length(event.source) > 0 && length(event.detail_type) > 0
    ])
    error_message = "Write source and detail_type of each event, such as aws.s3, Object Created."
  }

  validation {
    condition = alltrue(flatten([
      for event in var.events : [for values in event.detail : length(values) > 0]
    ]))
    error_message = "Write at least one value for each field of detail, or leave the field out."
  }
}

variable "enabled" {
  description = "False stops the job: rules off, no concurrency, so that nothing can start it."
  type        = bool
  default     = true
  nullable    = false
}

variable "function" {
  description = "The function, in the terms of the module function, with the defaults it has there."
  type = object({
    code = object({
      zip          = string
      handler      = string
      runtime      = optional(string)
      architecture = optional(string)
    })
    layers                = optional(map(string))
    memory_size           = optional(number)
    timeout               = optional(number)
    environment_variables = optional(map(string))
    reserved_concurrency  = optional(number)
    log_retention_days    = optional(number)
    tracing               = optional(bool)
    file_system = optional(object({
      access_point_arn = string
      file_system_arn  = string
      mount_path       = string
    }))
  })
  nullable = false
}

variable "access" {
  description = "What the function may use, in the terms of the module function."
  type = object({
    secrets       = optional(list(string))
    read_objects  = optional(list(string))
    write_objects = optional(list(string))
    statements = optional(map(object({
      actions   = list(string)
      resources = list(string)
      condition = optional(map(map(list(string))))
    })))
    boundary = optional(string)
  })
  default  = {}
  nullable = false
}

variable "network" {
  description = <<-EOT
    Existing VPC and private subnets to run in, with a security group made here; null for none.
    With a database, its port is opened from the function's side, and in the database's own
    security group where that is given.
  EOT
  type = object({
    vpc_id             = string
    private_subnet_ids = list(string)
    database = optional(object({
      port              = number
      security_group_id = optional(string)
    }))
  })
  default = null

  validation {
    condition     = var.network == null ? true : length(var.network.private_subnet_ids) > 0
    error_message = "Write at least one private subnet; two in different zones survive a zone."
  }
}

variable "alerts" {
  description = <<-EOT
    E-mail addresses that are told of alarms, each after a mail to confirm; or the topic that alarms
    go to, for jobs that share one.
  EOT
  type = object({
    emails = optional(set(string), [])
    topic  = optional(object({ arn = string }))
  })
  default  = {}
  nullable = false

  validation {
    condition     = length(var.alerts.emails) == 0 || var.alerts.topic == null
    error_message = "Write one of emails and topic: who reads a topic is told where it is made."
  }

  validation {
    condition = alltrue([
      for email in var.alerts.emails : can(regex("^\\S+@\\S+\\.\\S+$", email))
    ])
    error_message = "Write e-mail addresses, such as [\"batch@example.com\"]."
  }
}

variable "alarms" {
  description = "Seconds from which a run is too long, and hours without a run that are too many."
  type = object({
    duration_seconds = optional(number, 600)
    no_run_hours     = optional(number, 26)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.alarms.no_run_hours >= 1 && var.alarms.no_run_hours <= 168
    error_message = "Write no_run_hours from 1 to 168: an alarm looks back seven days at most."
  }
}

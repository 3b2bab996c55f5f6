variable "database" {
  description = <<-EOT
    PostgreSQL to write to. The secret is the password itself, or JSON with a field password.
  EOT
  type = object({
    host                = string
    port                = optional(number, 5432)
    name                = optional(string)
    username            = optional(string)
    sslmode             = optional(string)
    password_secret_arn = string
  })
  nullable = false

  validation {
    condition     = !can(regex("[:/\\s]", var.database.host)) && var.database.host != ""
    error_message = "Write the host name alone, without a scheme; the port is database.port."
  }

  validation {
    condition = var.database.sslmode == null ? true : (
      contains(["disable", "allow", "prefer", "require"], var.database.sslmode)
    )
    error_message = "Write sslmode = \"require\", or \"prefer\", \"allow\" or \"disable\"."
  }
}

variable "youtube" {
  description = "Which channels to read, as a list of ids and @handles or as a CSV in S3, and how."
  type = object({
    api_key_secret_arn = string
    channels           = optional(list(string), [])
    channels_csv       = optional(string)
    quota_budget       = optional(number)
    workers            = optional(number)
    endpoint           = optional(string)
  })
  nullable = false

  validation {
    condition     = (length(var.youtube.channels) > 0) != (var.youtube.channels_csv != null)
    error_message = "Write one of youtube.channels, a list, and youtube.channels_csv, an S3 URI."
  }

  validation {
    condition = alltrue([
      for channel in var.youtube.channels : can(regex("^(UC[\\w-]{22}|@[^\\s,/:]{1,60})$", channel))
    ])
    error_message = "Write each channel as its id (UC and 22 characters) or as its @handle."
  }

  validation {
    condition = var.youtube.channels_csv == null ? true : (
      can(regex("^s3://[a-z0-9.-]+/[^*]+\\.csv$", var.youtube.channels_csv))
    )
    error_message = "Write channels_csv as s3://bucket/key.csv."
  }

  # Lambda takes 4 KB of environment variables in all (its quotas); half is left for the others.
  validation {
    condition     = length(join(",", var.youtube.channels)) <= 2000
    error_message = "So many channels don't fit into settings: list them in S3, as channels_csv."
  }

  validation {
    condition = var.youtube.quota_budget == null ? true : (
      var.youtube.quota_budget >= 1 && var.youtube.quota_budget == floor(var.youtube.quota_budget)
    )
    error_message = "Write quota_budget as a whole number of units a day, such as 9000."
  }

  validation {
    condition = var.youtube.workers == null ? true : (
      contains(range(1, 65), var.youtube.workers)
    )
    error_message = "Write workers, the calls at a time, as a whole number from 1 to 64."
  }

  validation {
    condition = var.youtube.endpoint == null ? true : (
      can(regex("^(https://|http://127\\.0\\.0\\.1[:/])", var.youtube.endpoint))
    )
    error_message = "Write an endpoint that begins with https://: the API key travels to it."
  }
}

variable "csv_bucket" {
  description = "Existing bucket for each day's CSV files, under raw/youtube/; null keeps none."
  type        = string
  default     = null

  validation {
    condition = var.csv_bucket == null ? true : (
      can(regex("^[a-z0-9][a-z0-9.-]+$", var.csv_bucket))
    )
    error_message = "Write the bucket's name alone, without s3:// and without a folder."
  }
}

variable "schedules" {
  description = "When to run, in UTC; 15:00 UTC is 00:00 in Tokyo."
  type        = list(string)
  default     = ["cron(0 15 * * ? *)"]
  nullable    = false
}

variable "enabled" {
  description = "False stops the job: neither the clock nor a manual event starts it."
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

variable "function" {
  description = "Size of the function, its log level, and a zip with a settings file, if any."
  type = object({
    memory_size    = optional(number, 512)
    timeout        = optional(number, 900)
    log_level      = optional(string)
    settings_layer = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition = var.function.log_level == null ? true : (
      contains(["DEBUG", "INFO", "WARNING", "ERROR"], var.function.log_level)
    )
    error_message = "Write log_level = \"DEBUG\", \"INFO\", \"WARNING\" or \"ERROR\"."
  }

  # A run keeps half a minute and more for writing: see lambda/sync_batch/limits.py.
  validation {
    condition     = var.function.timeout >= 120
    error_message = "Write a timeout of 120 seconds or more: the end of it is kept for writing."
  }
}

variable "build" {
  description = "Folder of the zips that `make package` builds."
  type        = string
  default     = "../../../build/aws"
  nullable    = false
}

variable "tracing" {
  description = "Record runs in X-Ray."
  type        = bool
  default     = false
  nullable    = false
}

variable "environment" {
  description = "Name of the environment, in logs, metrics and the tag Environment."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,9}$", var.environment))
    error_message = "Write 2 to 10 small letters and digits, such as local, dev or prd."
  }
}

variable "suffix" {
  description = "What every name ends in where two environments share an account, such as -dev."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(-[a-z][a-z0-9]{0,9})?$", var.suffix))
    error_message = "Write \"\" for the exact names, or - and small letters, such as -dev."
  }
}

variable "buckets" {
  description = <<-EOT
    The two buckets (modules/archive-bucket makes them): raw takes the NAS's files and all lists of
    a run, and keeps versions; archive takes the files that were deleted on the NAS.
  EOT
  type = object({
    raw     = object({ name = string, arn = string })
    archive = object({ name = string, arn = string })
  })
  nullable = false

  validation {
    condition     = var.buckets.raw.name != var.buckets.archive.name
    error_message = "Write two buckets: a sync deletes in raw what it must not delete in archive."
  }

  validation {
    condition = alltrue([
      for bucket in values(var.buckets) : endswith(bucket.arn, ":::${bucket.name}")
    ])
    error_message = "Write each bucket's name and its own ARN: { name = \"b\", arn = \"arn:aws:s3:::b\" }."
  }
}

variable "enabled" {
  description = "False stops the clock; runs by hand still work."
  type        = bool
  default     = true
  nullable    = false
}

variable "protected" {
  description = "Refuse to delete the table, and a domain that was made here."
  type        = bool
  default     = true
  nullable    = false
}

variable "permissions_boundary" {
  description = "ARN of the policy that no role may exceed."
  type        = string
  default     = null
}

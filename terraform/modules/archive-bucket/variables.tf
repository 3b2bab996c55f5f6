variable "name" {
  description = "Name of the bucket, unique in all of AWS; its alarms are named after it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.name))
    error_message = "Write 3 to 63 small letters, digits and -, no dots: TLS names can't have them."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts objects; null takes S3's own."
  type        = string
  default     = null

  validation {
    condition = var.kms_key_arn == null ? true : (
      can(regex("^arn:[\\w-]+:kms:[\\w-]+:\\d{12}:key/[\\w-]+$", var.kms_key_arn))
    )
    error_message = "Write the key's ARN (arn:aws:kms:…:key/…); an alias can point elsewhere later."
  }
}

variable "force_destroy" {
  description = "Destroy the bucket with everything in it. For environments that hold nothing."
  type        = bool
  default     = false
  nullable    = false
}

variable "unfinished_upload_days" {
  description = "Days after which the parts of an upload that was never finished go."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = var.unfinished_upload_days >= 1
    error_message = "Write 1 day or more: an upload may still be under way."
  }
}

variable "lifecycle_rules" {
  description = <<-EOT
    What happens to objects by themselves, by the name of a rule: storage classes and the days after
    which objects below the prefix move there, days after which they expire, and days after which
    versions expire that a newer one has replaced.
  EOT
  type = map(object({
    prefix                 = optional(string)
    transitions            = optional(map(number), {})
    expire_days            = optional(number)
    expire_noncurrent_days = optional(number)
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for rule in values(var.lifecycle_rules) :
      length(rule.transitions) + length(rule.expire_days[*]) + length(rule.expire_noncurrent_days[*]) > 0
    ])
    error_message = "Write transitions, expire_days or expire_noncurrent_days in every rule."
  }

  validation {
    condition = alltrue([
      for class in flatten([for rule in values(var.lifecycle_rules) : keys(rule.transitions)]) :
      contains(local.storage_classes, class)
    ])
    error_message = "Write transitions = { GLACIER = 90 }, each class one of STANDARD_IA, ONEZONE_IA, INTELLIGENT_TIERING, GLACIER_IR, GLACIER, DEEP_ARCHIVE."
  }

  # https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
  validation {
    condition = alltrue(flatten([
      for rule in values(var.lifecycle_rules) : [
        for class, days in rule.transitions : days >= (endswith(class, "_IA") ? 30 : 0)
      ]
    ]))
    error_message = "Write 30 days or more before STANDARD_IA and ONEZONE_IA: S3 moves nothing there sooner."
  }

  validation {
    condition = alltrue([
      for rule in values(var.lifecycle_rules) :
      alltrue([for days in values(rule.transitions) : days < coalesce(rule.expire_days, days + 1)])
    ])
    error_message = "Write an expire_days that is later than the rule's transitions."
  }
}

locals {
  storage_classes = [
    "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE",
  ]
}

variable "object_lock" {
  description = <<-EOT
    For how many days nobody may delete a version: in mode GOVERNANCE but those who may bypass it,
    in mode COMPLIANCE nobody at all, the account's root included. Once on, it stays available.
  EOT
  type = object({
    mode = string
    days = number
  })
  default = null

  validation {
    condition = var.object_lock == null ? true : (
      contains(["GOVERNANCE", "COMPLIANCE"], var.object_lock.mode) &&
      var.object_lock.days >= 1 && var.object_lock.days <= 36500
    )
    error_message = "Write mode = \"GOVERNANCE\" or \"COMPLIANCE\", and 1 to 36500 days."
  }

  validation {
    condition     = var.object_lock == null || !var.force_destroy
    error_message = "Write one of object_lock and force_destroy: what is locked can't be destroyed."
  }
}

variable "inventory" {
  description = "Bucket and prefix that take a list of all versions, and how often: Daily or Weekly."
  type = object({
    bucket    = string
    prefix    = optional(string, "inventory")
    frequency = optional(string, "Daily")
  })
  default = null

  validation {
    condition = var.inventory == null ? true : (
      contains(["Daily", "Weekly"], var.inventory.frequency)
    )
    error_message = "Write frequency = \"Daily\" or \"Weekly\"; S3 offers no other."
  }

  validation {
    condition = var.inventory == null ? true : (
      can(regex("^[a-z0-9-]+$", var.inventory.bucket)) &&
      !can(regex("^/|/$|\\s", var.inventory.prefix))
    )
    error_message = "Write the bucket's name alone, and a prefix without / at its ends."
  }
}

variable "access_log" {
  description = "Bucket and prefix that take the log of requests."
  type = object({
    bucket = string
    prefix = optional(string, "access-log/")
  })
  default = null

  validation {
    condition     = var.access_log == null ? true : var.access_log.bucket != var.name
    error_message = "Write another bucket: a log in the bucket itself would log its own delivery."
  }
}

variable "receives" {
  description = "Names of the account's buckets whose inventories and access logs come here."
  type = object({
    inventories_of = optional(set(string), [])
    access_logs_of = optional(set(string), [])
  })
  default  = {}
  nullable = false
}

variable "files" {
  description = "Files of a build to keep in it, such as packages that hosts fetch: key and path."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.files) : can(regex("^[^/*].*[^/]$", key))])
    error_message = "Write each key as folder/name, without / at its ends."
  }
}

variable "eventbridge" {
  description = "S3 tells EventBridge of every object that comes or goes."
  type        = bool
  default     = false
  nullable    = false
}

variable "batch_restores" {
  description = <<-EOT
    Makes a role for S3 Batch Operations to restore this bucket's objects with: its name, the
    objects that hold lists (manifests) and those that take reports, each as bucket/folder/… with *
    for what varies, and the ARN of a policy that the role may never exceed.
  EOT
  type = object({
    role_name = string
    manifests = string
    reports   = string
    boundary  = optional(string)
  })
  default = null

  validation {
    condition = var.batch_restores == null ? true : alltrue([
      for key in [var.batch_restores.manifests, var.batch_restores.reports] :
      can(regex("^[a-z0-9-]+/[^*/]+/.+$", key))
    ])
    error_message = "Write manifests and reports as bucket/folder/*, never a whole bucket."
  }
}

variable "alarms" {
  description = <<-EOT
    Topics that are told when S3 answers so many requests within 5 minutes with an error of its own
    (server_errors) or of the caller's (client_errors). S3 counts requests from then on.
  EOT
  type = object({
    topic_arns    = set(string)
    server_errors = optional(number)
    client_errors = optional(number)
  })
  default = null

  validation {
    condition = var.alarms == null ? true : alltrue([
      for limit in [var.alarms.server_errors, var.alarms.client_errors] : coalesce(limit, 1) >= 1
    ])
    error_message = "Write 1 or more errors."
  }

  validation {
    condition = var.alarms == null ? true : (
      var.alarms.server_errors != null || var.alarms.client_errors != null
    )
    error_message = "Write server_errors, client_errors or both, or leave alarms out."
  }
}

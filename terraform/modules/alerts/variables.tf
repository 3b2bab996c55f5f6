variable "name" {
  description = "Name of the topic."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,256}$", var.name))
    error_message = "Write a name of letters, digits, - or _, such as archive-alerts."
  }
}

variable "emails" {
  description = "Who is told; each has to confirm one mail from AWS."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for email in var.emails : can(regex("^\\S+@\\S+$", email))])
    error_message = "Write each address as name@example.com."
  }
}

variable "alarms" {
  description = <<-EOT
    Alarms by their name: the metric, and the sum of 5 minutes that is an alarm. It ends when those
    minutes are over or, with until_next, when the next number is lower.
  EOT
  type = map(object({
    description = string
    metric = object({
      namespace  = string
      name       = string
      dimensions = optional(map(string), {})
    })
    at_least   = optional(number, 1)
    until_next = optional(bool, false)
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for alarm in values(var.alarms) : !startswith(alarm.metric.namespace, "AWS/")
    ])
    error_message = "Write a namespace of the system's own; AWS's metrics have alarms in their modules."
  }
}

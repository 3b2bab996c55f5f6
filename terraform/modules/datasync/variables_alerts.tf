variable "alerts" {
  description = <<-EOT
    Who is told of runs and alarms: e-mail addresses (each gets a mail to confirm first), and the
    secret with Slack's webhook URL.
  EOT
  type = object({
    emails           = optional(set(string), [])
    slack_secret_arn = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for email in var.alerts.emails : can(regex("^\\S+@\\S+$", email))])
    error_message = "Write each address as name@example.com."
  }
}

variable "alarms" {
  description = <<-EOT
    From what on a person is woken: days without a successful run, and hours that a VPN connection of
    mode on_demand exists while nothing runs.
  EOT
  type = object({
    no_success_days = optional(number, 32)
    idle_vpn_hours  = optional(number, 2)
  })
  default  = {}
  nullable = false
}

variable "budget" {
  description = <<-EOT
    Dollars a month from which (at 80 %, and forecast at 100 %) the topic is told; null for no
    budget. It counts what carries the tag Application, once Billing knows it as a cost allocation tag.
  EOT
  type = object({
    limit_usd = optional(number, 50)
  })
  default = {}

  validation {
    condition     = var.budget == null ? true : var.budget.limit_usd > 0
    error_message = "Write a limit_usd above 0, or budget = null for none."
  }
}

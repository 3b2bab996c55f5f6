variable "schedule" {
  description = "When a run starts, in UTC; the default is 02:00 JST on the 1st of the month."
  type        = string
  default     = "cron(0 17 L * ? *)"
  nullable    = false

  validation {
    condition     = can(regex("^(cron|rate)\\(.+\\)$", var.schedule))
    error_message = "Write schedule as EventBridge has it: cron(0 17 L * ? *) or rate(7 days)."
  }
}

variable "pacing" {
  description = <<-EOT
    How the state machine waits, retries and gives up: seconds of a wait, number of checks (of the VPN
    and then the agent; of the transfer), seconds before the first retry (each later one waits twice
    as long), times the transfer is tried, rounds of a function that says it isn't done, executions
    of the index Map at a time, and seconds after which Step Functions ends a run, the last resort: it
    cleans nothing up.
  EOT
  type = object({
    vpn_wait_seconds       = optional(number, 300)
    vpn_checks             = optional(number, 12)
    vpn_retry_seconds      = optional(number, 60)
    transfer_wait_seconds  = optional(number, 600)
    transfer_checks        = optional(number, 144)
    transfer_attempts      = optional(number, 2)
    function_retry_seconds = optional(number, 2)
    timeout_retry_seconds  = optional(number, 10)
    search_retry_seconds   = optional(number, 60)
    extraction_rounds      = optional(number, 200)
    archiving_rounds       = optional(number, 200)
    index_concurrency      = optional(number, 4)
    run_timeout_seconds    = optional(number, 604800)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for number in values(var.pacing) : number >= 1 && floor(number) == number])
    error_message = "Write whole numbers of 1 or more: every loop ends, and Step Functions waits whole seconds."
  }

  validation {
    condition = var.pacing.run_timeout_seconds > var.pacing.transfer_attempts * (
      var.pacing.vpn_checks * var.pacing.vpn_wait_seconds +
      var.pacing.transfer_checks * var.pacing.transfer_wait_seconds
    )
    error_message = "Write a run_timeout_seconds that is longer than all waits for VPN and transfer: a run that Step Functions ends leaves the VPN up."
  }

  # Step Functions ends an execution with 25,000 events, and cleans nothing up. A check of VPN and
  # agent is 18, a round of any other loop 11 at most; the rest of the 20,000 is left to retries and
  # other states.
  # https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
  validation {
    condition = 20000 >= max(
      var.pacing.transfer_attempts * (18 * var.pacing.vpn_checks + 11 * var.pacing.transfer_checks)
      + 11 * var.pacing.archiving_rounds,
      11 * var.pacing.extraction_rounds,
    )
    error_message = "Write fewer checks or rounds, and longer waits between them: an execution has 25,000 events, 11 a round, 18 a check of the VPN."
  }
}

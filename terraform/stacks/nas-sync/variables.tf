variable "buckets" {
  description = "Names of the buckets, which are unique in all of AWS, where ours are taken."
  type = object({
    raw     = optional(string)
    archive = optional(string)
  })
  default  = {}
  nullable = false
}

variable "route_table_ids" {
  description = "Route tables of the first private subnet and of all others that reach the NAS."
  type        = list(string)
  nullable    = false
}

variable "nas" {
  description = <<-EOT
    The NAS's share: server, folder, protocol (SMB or NFS) and its version, the secret with user and
    password (SMB), and the network that NAS and DataSync agent are in.
  EOT
  type = object({
    server_hostname = string
    subdirectory    = string
    protocol        = optional(string)
    version         = optional(string)
    secret_arn      = optional(string)
    cidr            = string
  })
  nullable = false
}

variable "vpn" {
  description = "The way to the NAS, in the terms of the module; null takes its defaults."
  type = object({
    mode                      = optional(string)
    router_ip                 = string
    bgp_asn                   = optional(number)
    inside_cidrs              = optional(list(string))
    preshared_keys_secret_arn = optional(string)
    address_parameter         = optional(string)
  })
  nullable = false
}

variable "agent" {
  description = "The DataSync agent's activation key; none until the endpoint it talks to is there."
  type = object({
    activation_key = optional(string)
  })
  default  = {}
  nullable = false
}

variable "transfer" {
  description = "What DataSync brings, how fast, and what it does about files that are gone."
  type = object({
    bytes_per_second       = optional(number)
    preserve_deleted_files = optional(string)
    storage_class          = optional(string)
    includes               = optional(list(string))
    excludes               = optional(list(string))
  })
  default  = {}
  nullable = false
}

variable "schedule" {
  description = "When a run starts, in UTC; the default is 02:00 in Tokyo on the 1st of the month."
  type        = string
  default     = "cron(0 17 L * ? *)"
  nullable    = false
}

variable "functions" {
  description = "How many work files are extracted at a time, what is logged, and for how long."
  type = object({
    concurrency        = optional(number)
    log_level          = optional(string)
    log_retention_days = optional(number)
  })
  default  = {}
  nullable = false
}

variable "processing" {
  description = "Limits of the work, in the terms of the module; null takes its defaults."
  type = object({
    brake_percent        = optional(number)
    failure_percent      = optional(number)
    work_file_size       = optional(number)
    max_text_characters  = optional(number)
    max_file_bytes       = optional(number)
    extraction_seconds   = optional(number)
    extraction_memory_mb = optional(number)
    bulk_chunk           = optional(number)
  })
  default  = {}
  nullable = false
}

variable "model" {
  description = "The image model: its key in the raw bucket and its SHA-256, as `make model` prints them."
  type = object({
    key    = string
    sha256 = string
  })
  nullable = false
}

variable "search" {
  description = "OpenSearch: a domain that is there, or what a new one is made of."
  type = object({
    endpoint   = optional(string)
    domain_arn = optional(string)
    network = optional(object({
      subnet_ids         = list(string)
      security_group_ids = list(string)
    }))
    create = optional(object({
      instance_type  = optional(string)
      instance_count = optional(number)
      volume_gb      = optional(number)
    }))
  })
  nullable = false
}

variable "pacing" {
  description = "How the state machine waits, retries and gives up; null takes the module's defaults."
  type = object({
    vpn_wait_seconds       = optional(number)
    vpn_checks             = optional(number)
    vpn_retry_seconds      = optional(number)
    transfer_wait_seconds  = optional(number)
    transfer_checks        = optional(number)
    transfer_attempts      = optional(number)
    function_retry_seconds = optional(number)
    timeout_retry_seconds  = optional(number)
    search_retry_seconds   = optional(number)
    extraction_rounds      = optional(number)
    archiving_rounds       = optional(number)
    index_concurrency      = optional(number)
    run_timeout_seconds    = optional(number)
  })
  default  = {}
  nullable = false
}

variable "slack_secret_arn" {
  description = "Secret with Slack's webhook URL; null tells people by mail only."
  type        = string
  default     = null
}

variable "alarms" {
  description = "Days without a success, and hours of a forgotten VPN, from which a person is woken."
  type = object({
    no_success_days = optional(number)
    idle_vpn_hours  = optional(number)
  })
  default  = {}
  nullable = false
}

variable "budget" {
  description = "Dollars a month from which the topic is told; null for no budget."
  type = object({
    limit_usd = optional(number)
  })
  default = {}
}

variable "enabled" {
  description = "False stops the clock; runs by hand still work."
  type        = bool
  default     = true
  nullable    = false
}

variable "force_destroy" {
  description = "Destroy buckets and table with everything in them; refused in prd."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !(var.force_destroy && var.environment == "prd")
    error_message = "Leave force_destroy out in prd: what was deleted on the NAS has no other copy."
  }
}

variable "build" {
  description = "Folder of the zips that `make package` builds."
  type        = string
  default     = "../../../build/aws"
  nullable    = false
}

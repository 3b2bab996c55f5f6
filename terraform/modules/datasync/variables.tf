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

variable "network" {
  description = <<-EOT
    Where the VPN arrives: the VPC, its subnet for the endpoint that the DataSync agent talks to, the
    route tables that learn the way to the NAS, and the network of NAS and agent on premises.
  EOT
  type = object({
    vpc_id          = string
    subnet_id       = string
    route_table_ids = list(string)
    nas_cidr        = string
  })
  nullable = false

  validation {
    condition     = can(cidrhost(var.network.nas_cidr, 0))
    error_message = "Write nas_cidr as the network of NAS and agent, such as 192.168.10.0/24."
  }

  validation {
    condition     = length(var.network.route_table_ids) > 0
    error_message = "Give the route table of the subnet in route_table_ids: answers must find the agent."
  }
}

variable "vpn" {
  description = <<-EOT
    The way to the NAS: always_on keeps a VPN connection, on_demand has VPNManager make one for a run
    and delete it again, with inside CIDRs and pre-shared keys that the router knows beforehand. The
    new outside addresses come by mail and in the SSM parameter.
  EOT
  type = object({
    mode                      = optional(string, "always_on")
    router_ip                 = string
    bgp_asn                   = optional(number, 65000)
    inside_cidrs              = optional(list(string), ["169.254.100.0/30", "169.254.100.4/30"])
    preshared_keys_secret_arn = optional(string)
    address_parameter         = optional(string, "/cis-filesearch/vpn/outside-addresses")
  })
  nullable = false

  validation {
    condition     = contains(["always_on", "on_demand"], var.vpn.mode)
    error_message = "Write mode = \"always_on\" or \"on_demand\"."
  }

  validation {
    condition     = can(regex("^\\d{1,3}(\\.\\d{1,3}){3}$", var.vpn.router_ip))
    error_message = "Write router_ip as the public IPv4 address of the router, such as 203.0.113.10."
  }

  validation {
    condition = length(var.vpn.inside_cidrs) == 2 && alltrue([
      for cidr in var.vpn.inside_cidrs : can(regex("^169\\.254\\.\\d{1,3}\\.\\d{1,3}/30$", cidr))
    ])
    error_message = "Write two inside_cidrs of 169.254.0.0/16, a /30 for each tunnel."
  }

  validation {
    condition     = var.vpn.mode == "always_on" || var.vpn.preshared_keys_secret_arn != null
    error_message = "Give preshared_keys_secret_arn with on_demand: the router must know the keys of a connection that is yet to be made."
  }
}

variable "agent" {
  description = <<-EOT
    The DataSync agent on premises. Its activation key comes by one HTTP call to it, once the
    endpoint is there (README); until then null, and neither task nor schedule are there.
  EOT
  type = object({
    activation_key = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition = var.agent.activation_key == null ? true : (
      can(regex("^[A-Z0-9]{5}(-[A-Z0-9]{5}){4}$", var.agent.activation_key))
    )
    error_message = "Write the activation_key as the agent gave it: five groups of five letters and digits."
  }
}

variable "nas" {
  description = <<-EOT
    The NAS's share: its server and folder, the protocol, and with SMB the secret with user and
    password: {"user": …, "password": …, "domain": …}, domain if it has one.
  EOT
  type = object({
    server_hostname = string
    subdirectory    = string
    protocol        = optional(string, "SMB")
    version         = optional(string)
    secret_arn      = optional(string)
  })
  nullable = false

  validation {
    condition     = contains(["SMB", "NFS"], var.nas.protocol)
    error_message = "Write protocol = \"SMB\" or \"NFS\"."
  }

  validation {
    condition     = (var.nas.protocol == "SMB") == (var.nas.secret_arn != null)
    error_message = "Give secret_arn with SMB, which asks for a password, and none with NFS, which doesn't."
  }

  validation {
    condition     = can(regex("^/.", var.nas.subdirectory))
    error_message = "Write subdirectory as the share and folder with a / before it, such as /share/documents."
  }
}

variable "transfer" {
  description = <<-EOT
    How files come: bytes a second (12,500,000 is 100 Mbps), whether DataSync deletes in S3 what has
    gone from the NAS (REMOVE; with PRESERVE nobody sees deletions), the storage class, and patterns
    of paths to take alone or to leave out.
  EOT
  type = object({
    bytes_per_second       = optional(number, 12500000)
    preserve_deleted_files = optional(string, "REMOVE")
    storage_class          = optional(string, "INTELLIGENT_TIERING")
    includes               = optional(list(string), [])
    excludes               = optional(list(string), ["*.tmp", "~$*", "Thumbs.db", ".DS_Store"])
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.transfer.bytes_per_second == -1 || var.transfer.bytes_per_second >= 1048576
    error_message = "Write bytes_per_second of 1048576 (8 Mbps) or more, or -1 for no limit."
  }

  validation {
    condition     = contains(["REMOVE", "PRESERVE"], var.transfer.preserve_deleted_files)
    error_message = "Write preserve_deleted_files = \"REMOVE\" or \"PRESERVE\"."
  }

  validation {
    condition     = contains(["INTELLIGENT_TIERING", "STANDARD"], var.transfer.storage_class)
    error_message = "Write storage_class = \"INTELLIGENT_TIERING\", which tiers by itself, or \"STANDARD\", which lifecycle rules can move."
  }

  validation {
    condition = alltrue([
      for pattern in concat(var.transfer.includes, var.transfer.excludes) :
      length(pattern) > 0 && !strcontains(pattern, "|")
    ])
    error_message = "Write one pattern in each element: the module joins them by |."
  }
}

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

variable "functions" {
  description = <<-EOT
    What `make package` built: the code, the layer of all functions (batchworks), that of this system
    (nas_sync), and those of text and image extraction. concurrency bounds how many files' batches
    are extracted at a time, and what the two extractors reserve of the account.
  EOT
  type = object({
    zip = string
    layers = object({
      batchworks = string
      nas_sync   = string
      text       = string
      images     = string
    })
    runtime            = optional(string, "python3.13")
    architecture       = optional(string, "arm64")
    concurrency        = optional(number, 20)
    log_level          = optional(string, "INFO")
    log_retention_days = optional(number, 90)
  })
  nullable = false

  validation {
    condition     = var.functions.concurrency >= 1 && var.functions.concurrency <= 50
    error_message = "Write a concurrency from 1 to 50: 20 to 50 suit a NAS of a million files."
  }

  validation {
    condition     = contains(["DEBUG", "INFO", "WARNING", "ERROR"], var.functions.log_level)
    error_message = "Write log_level = \"DEBUG\", \"INFO\", \"WARNING\" or \"ERROR\"."
  }
}

variable "processing" {
  description = <<-EOT
    Limits of the work: the share of files that may go or fail in one run before it stops (percent),
    lines of a work file, characters of a text, bytes, seconds and MB of one file's extraction, and
    documents of one bulk request.
  EOT
  type = object({
    brake_percent        = optional(number, 5)
    failure_percent      = optional(number, 5)
    work_file_size       = optional(number, 100)
    max_text_characters  = optional(number, 50000)
    max_file_bytes       = optional(number, 268435456)
    extraction_seconds   = optional(number, 60)
    extraction_memory_mb = optional(number, 1536)
    bulk_chunk           = optional(number, 500)
  })
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for percent in [var.processing.brake_percent, var.processing.failure_percent] :
      percent >= 0 && percent <= 100
    ])
    error_message = "Write brake_percent and failure_percent from 0 to 100."
  }

  validation {
    condition     = var.processing.work_file_size >= 1 && var.processing.work_file_size <= 1000
    error_message = "Write a work_file_size from 1 to 1000 lines."
  }

  validation {
    condition     = var.processing.max_file_bytes >= 1 && var.processing.max_file_bytes <= 9663676416
    error_message = "Write a max_file_bytes from 1 to 9663676416: Lambda has 10 GB to read files from."
  }

  validation {
    condition     = var.processing.extraction_seconds >= 1 && var.processing.extraction_seconds <= 100
    error_message = "Write extraction_seconds from 1 to 100: Lambda stops the extractor after 120."
  }

  validation {
    condition     = var.processing.bulk_chunk >= 1 && var.processing.bulk_chunk <= 5000
    error_message = "Write a bulk_chunk from 1 to 5000 documents."
  }
}

variable "model" {
  description = "The image model: its key in the raw bucket, below models/, and the SHA-256 of it."
  type = object({
    key    = string
    sha256 = string
  })
  nullable = false

  validation {
    condition     = can(regex("^models/[^*]+\\.onnx$", var.model.key))
    error_message = "Write key = \"models/<name>.onnx\"."
  }

  validation {
    condition     = can(regex("^[0-9a-f]{64}$", var.model.sha256))
    error_message = "Write sha256 as 64 hexadecimal digits, as sha256sum prints them."
  }
}

variable "search" {
  description = <<-EOT
    OpenSearch: the endpoint (https://…) and ARN of a domain that is there, or what a new one is made
    of. A domain in a VPC needs the network that the functions that use it run in.
  EOT
  type = object({
    endpoint   = optional(string)
    domain_arn = optional(string)
    network = optional(object({
      subnet_ids         = list(string)
      security_group_ids = list(string)
    }))
    create = optional(object({
      instance_type  = optional(string, "t3.medium.search")
      instance_count = optional(number, 1)
      volume_gb      = optional(number, 50)
    }))
  })
  nullable = false

  validation {
    condition = (
      (var.search.create == null) == (var.search.endpoint != null) &&
      (var.search.create == null) == (var.search.domain_arn != null)
    )
    error_message = "Give endpoint and domain_arn of a domain that is there, or create = {} for a new one."
  }

  validation {
    condition     = var.search.endpoint == null ? true : can(regex("^https?://[^/]+$", var.search.endpoint))
    error_message = "Write endpoint as https://<host>, without a path."
  }

  validation {
    condition = var.search.domain_arn == null ? true : (
      can(regex("^arn:[\\w-]+:es:[\\w-]+:\\d{12}:domain/[a-z][a-z0-9-]+$", var.search.domain_arn))
    )
    error_message = "Write domain_arn as arn:aws:es:<region>:<account>:domain/<name>."
  }
}

variable "pacing" {
  description = <<-EOT
    How the state machine waits, retries and gives up: seconds of a wait, number of checks, seconds
    before the first retry (each later one waits twice as long), times the transfer is tried, rounds
    of a function that says it isn't done, executions of the index Map at a time, and seconds after
    which Step Functions ends a run, the last resort: it cleans nothing up.
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
}

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

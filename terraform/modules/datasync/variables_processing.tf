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
    condition     = alltrue([for number in values(var.processing) : floor(number) == number])
    error_message = "Write whole numbers: functions refuse others, hours into a run."
  }

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
    condition     = var.processing.extraction_memory_mb >= 384 && var.processing.extraction_memory_mb <= 1792
    error_message = "Write extraction_memory_mb from 384 to 1792: an extractor has 2048 MB, and needs some for itself."
  }

  validation {
    condition     = var.processing.max_text_characters >= 1 && var.processing.max_text_characters <= 1000000
    error_message = "Write max_text_characters from 1 to 1000000."
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
    condition = (
      try(var.search.create.instance_count, 1) < 2 || length(try(var.search.network.subnet_ids, ["", ""])) >= 2
    )
    error_message = "Give two subnets in search.network for a domain of several nodes: they are in two zones."
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

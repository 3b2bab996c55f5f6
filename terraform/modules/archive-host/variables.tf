variable "name" {
  description = "Name of the host; role, security group, volume, parameter and alarms follow it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}$", var.name))
    error_message = "Write a name of 2 to 41 small letters, digits and -, such as archive-host-prd."
  }
}

variable "instance" {
  description = <<-EOT
    The machine. Without an ami it is the one that the public SSM parameter names when the host is
    made: Amazon Linux 2023 on arm64.
  EOT
  type = object({
    type           = optional(string, "t4g.medium")
    ami            = optional(string)
    ami_parameter  = optional(string, "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64")
    root_volume_gb = optional(number, 30)
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^[a-z]+[0-9]+g[a-z]*\\.", var.instance.type))
    error_message = "Write an arm64 (Graviton) type, such as t4g.medium or m7g.large."
  }

  validation {
    condition     = var.instance.ami == null ? true : can(regex("^ami-[0-9a-f]+$", var.instance.ami))
    error_message = "Write the ami as its id, such as ami-0123456789abcdef0, or leave it out."
  }

  validation {
    condition     = var.instance.root_volume_gb >= 10
    error_message = "Write a root_volume_gb of 10 or more: system, packages and reports are on it."
  }
}

variable "data_volume" {
  description = "The volume that PostgreSQL is on; it outlives the machine."
  type = object({
    size_gb     = optional(number, 50)
    kms_key_arn = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.data_volume.size_gb >= 10 && var.data_volume.size_gb <= 16384
    error_message = "Write a size_gb from 10 to 16384."
  }
}

variable "network" {
  description = <<-EOT
    Where the host is and what it talks to: a private subnet with a route to AWS (NAT gateway or
    endpoints; S3's gateway endpoint for packages), the file servers, DNS servers of their domain
    (the VPC's own when none is given), and who may open the page.
  EOT
  type = object({
    vpc_id            = string
    subnet_id         = string
    file_server_cidrs = set(string)
    dns_server_cidrs  = optional(set(string), [])
    page = optional(object({
      port               = optional(number, 8501)
      security_group_ids = optional(set(string), [])
      cidrs              = optional(set(string), [])
    }), {})
  })
  nullable = false

  validation {
    condition = alltrue([
      for cidr in setunion(
        var.network.page.cidrs, var.network.file_server_cidrs, var.network.dns_server_cidrs
      ) : can(cidrnetmask(cidr)) && try(tonumber(split("/", cidr)[1]) >= 8, false)
    ])
    error_message = "Write each CIDR as IPv4 with /8 or longer, such as 10.1.0.0/16; never 0.0.0.0/0."
  }

  validation {
    condition     = length(var.network.file_server_cidrs) > 0
    error_message = "Name the file servers' addresses, such as file_server_cidrs = [\"10.1.2.0/24\"]."
  }

  validation {
    condition     = var.network.page.port >= 1024 && var.network.page.port <= 65535
    error_message = "Write a page.port from 1024 to 65535: the page runs without privileges."
  }
}

variable "archive_bucket" {
  description = "Name of the bucket that files are archived in."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]+$", var.archive_bucket))
    error_message = "Write the bucket's name alone, without s3:// and without a folder."
  }
}

variable "lists" {
  description = <<-EOT
    The second bucket: requesters' lists and the manifests and reports of S3 Batch Operations
    (lists/), nightly dumps of the database (dumps/), and S3's inventory of the archive bucket,
    which the host only reads. Each prefix ends in /.
  EOT
  type = object({
    bucket           = string
    prefix           = optional(string, "lists/")
    dumps_prefix     = optional(string, "dumps/")
    inventory_prefix = optional(string, "inventory/")
  })
  nullable = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]+$", var.lists.bucket))
    error_message = "Write the bucket's name alone, without s3:// and without a folder."
  }

  validation {
    condition = alltrue([
      for prefix in [var.lists.prefix, var.lists.dumps_prefix, var.lists.inventory_prefix] :
      can(regex("^[A-Za-z0-9][\\w./-]*/$", prefix))
    ])
    error_message = "Write each prefix as folder/, without a leading / and without *."
  }

  validation {
    condition     = var.lists.bucket != var.archive_bucket
    error_message = "Lists and dumps need a bucket of their own: what is archived may not be mixed."
  }
}

variable "package" {
  description = <<-EOT
    The version of the archive command that runs: a zip in S3 with wheels/*.whl and
    requirements.txt, and its SHA-256 in hexadecimal. A new one is installed by the running host.
  EOT
  type = object({
    bucket = string
    key    = string
    sha256 = string
  })
  nullable = false

  validation {
    condition = (
      can(regex("^[a-z0-9][a-z0-9.-]+$", var.package.bucket)) &&
      can(regex("^[^/*?][^*?]*\\.zip$", var.package.key))
    )
    error_message = "Write the zip as bucket = \"name\" and key = \"packages/archive.zip\", no *."
  }

  validation {
    condition     = can(regex("^[0-9a-f]{64}$", var.package.sha256))
    error_message = "Write sha256 as 64 hexadecimal digits: sha256sum prints it, filesha256() too."
  }
}

variable "shares" {
  description = <<-EOT
    SMB shares to mount, by a short name: \\server\share as people write it, the address to
    connect to where the server's name doesn't resolve here, and the secret with username, password
    and domain (JSON).
  EOT
  type = map(object({
    server                 = string
    share                  = string
    address                = optional(string)
    credentials_secret_arn = string
  }))
  nullable = false

  validation {
    condition     = length(var.shares) > 0
    error_message = "Name at least one share: there is nothing to archive otherwise."
  }

  validation {
    condition     = alltrue([for key in keys(var.shares) : can(regex("^[a-z0-9][a-z0-9-]*$", key))])
    error_message = "Write each share's key in small letters, digits and -: its mount is named so."
  }

  validation {
    condition = alltrue([
      for share in values(var.shares) :
      can(regex("^[A-Za-z0-9][\\w.-]*$", share.server)) &&
      can(regex("^[A-Za-z0-9][\\w.-]*$", coalesce(share.address, share.server))) &&
      can(regex("^[^\\\\/:*?\"<>|;='\\s,][^\\\\/:*?\"<>|;='\\t\\n,]*$", share.share))
    ])
    error_message = "Write server and share apart, without \\ or /, and no , ; = or quote in them."
  }

  validation {
    condition = alltrue([
      for share in values(var.shares) :
      can(regex("^arn:[\\w-]+:secretsmanager:[\\w-]+:\\d{12}:secret:[^*]+$", share.credentials_secret_arn))
    ])
    error_message = "Write each secret as its whole ARN (arn:aws:secretsmanager:…:secret:…), no *."
  }
}

variable "page_login_secret_arn" {
  description = <<-EOT
    Secret whose value is Streamlit's secrets.toml with its [auth] section (OIDC); null: no login.
  EOT
  type        = string
  default     = null

  validation {
    condition = var.page_login_secret_arn == null ? true : (
      can(regex("^arn:[\\w-]+:secretsmanager:[\\w-]+:\\d{12}:secret:[^*]+$", var.page_login_secret_arn))
    )
    error_message = "Write the secret as its whole ARN (arn:aws:secretsmanager:…:secret:…), no *."
  }
}

variable "settings" {
  description = "Further settings of the archive command, such as ARCHIVE_MARKER_SUFFIX. No secrets."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition = alltrue([
      for name, value in var.settings :
      can(regex("^(ARCHIVE|DB)_[A-Z0-9_]+$", name)) && !can(regex("['\\\\\\n]", value))
    ])
    error_message = "Write names as ARCHIVE_… or DB_…, and values without ', \\ and line breaks."
  }

  validation {
    condition     = alltrue([for name in keys(var.settings) : !can(regex("PASSWORD", name))])
    error_message = "No password is a setting here: the database trusts the host's own users."
  }
}

variable "access" {
  description = <<-EOT
    What the host may use beside its buckets, secrets and package: the role that S3 Batch
    Operations works with, and KMS keys of your own that buckets or secrets are encrypted with.
    The boundary is the ARN of a policy that the host's role may never exceed.
  EOT
  type = object({
    batch_role_arn = optional(string)
    kms_key_arns   = optional(set(string), [])
    boundary       = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition = var.access.batch_role_arn == null ? true : (
      can(regex("^arn:[\\w-]+:iam::\\d{12}:role/[^*]+$", var.access.batch_role_arn))
    )
    error_message = "Write batch_role_arn as the ARN of one role (arn:aws:iam::…:role/…)."
  }

  validation {
    condition = alltrue([
      for arn in var.access.kms_key_arns : can(regex("^arn:[\\w-]+:kms:[\\w-]+:\\d{12}:key/[^*]+$", arn))
    ])
    error_message = "Write each key as its whole ARN (arn:aws:kms:…:key/…), no alias and no *."
  }

  validation {
    condition = var.access.boundary == null ? true : (
      can(regex("^arn:[\\w-]+:iam::\\d{12}:policy/.+$", var.access.boundary))
    )
    error_message = "Write the boundary as the ARN of a policy (arn:aws:iam::…:policy/…)."
  }
}

variable "alarms" {
  description = "Topic that alarms go to; what is too full, and how long without a dump is too long."
  type = object({
    topic_arn           = string
    data_volume_percent = optional(number, 80)
    no_dump_hours       = optional(number, 26)
    no_reconcile_days   = optional(number, 8)
  })
  nullable = false

  validation {
    condition     = var.alarms.data_volume_percent > 0 && var.alarms.data_volume_percent < 100
    error_message = "Write data_volume_percent between 0 and 100."
  }

  validation {
    condition     = contains(range(25, 169), var.alarms.no_dump_hours)
    error_message = "Write no_dump_hours from 25, an hour late, to 168, CloudWatch's longest."
  }

  validation {
    condition     = var.alarms.no_reconcile_days > 7
    error_message = "Write no_reconcile_days above 7: it runs once a week."
  }
}

variable "protected" {
  description = "Refuse to end the machine, and snapshot the data volume before it is deleted."
  type        = bool
  default     = true
  nullable    = false
}

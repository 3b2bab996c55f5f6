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
    of paths to take alone or to leave out. A name is left out in folders, too, where */ is before it:
    https://docs.aws.amazon.com/datasync/latest/userguide/filtering.html
  EOT
  type = object({
    bytes_per_second       = optional(number, 12500000)
    preserve_deleted_files = optional(string, "REMOVE")
    storage_class          = optional(string, "INTELLIGENT_TIERING")
    includes               = optional(list(string), [])
    excludes = optional(list(string), [
      "*.tmp", "~$*", "Thumbs.db", ".DS_Store", "*/~$*", "*/Thumbs.db", "*/.DS_Store",
    ])
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

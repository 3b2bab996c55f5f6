variable "name" {
  description = "Name of function, cluster and service; everything else is named after it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,45}$", var.name))
    error_message = "Write a name of 1 to 45 letters, digits, - or _, such as efs-autoscaler."
  }
}

variable "environment" {
  description = "The environment's name in manual events and metrics."
  type        = string
  nullable    = false
}

variable "network" {
  description = <<-EOT
    Existing VPC and its private subnets, for controller and tasks. The controller creates mount
    targets in candidate_subnet_ids; where there are none, in any subnet of the VPC.
  EOT
  type = object({
    vpc_id               = string
    private_subnet_ids   = list(string)
    candidate_subnet_ids = optional(list(string), [])
  })
  nullable = false

  validation {
    condition     = length(var.network.private_subnet_ids) > 0
    error_message = "Write at least one private subnet; two in different zones survive a zone."
  }
}

variable "mount_targets" {
  description = <<-EOT
    Subnets of the first mount targets, each under a key of yours. Lambda and ECS need one in every
    zone they run in: in those of network.private_subnet_ids.
  EOT
  type        = map(string)
  nullable    = false

  validation {
    condition     = length(var.mount_targets) >= 2
    error_message = "Write two subnets or more, in different zones: one zone may fail."
  }

  validation {
    condition = alltrue([
      for id in values(var.mount_targets) : can(regex("^subnet-[\\w-]+$", id))
    ])
    error_message = "Write each as key = \"subnet-…\"."
  }
}

variable "file_system" {
  description = <<-EOT
    How EFS keeps and serves the files; the modes can't all be combined. performance_mode can't be
    changed later. Folder and files belong to owner, whoever writes them.
  EOT
  type = object({
    performance_mode  = optional(string, "generalPurpose")
    throughput_mode   = optional(string, "elastic")
    provisioned_mibps = optional(number)
    lifecycle = optional(object({
      to_ia      = optional(string)
      to_archive = optional(string)
      to_primary = optional(string)
    }), {})
    backups        = optional(bool, true)
    root_directory = optional(string, "/data")
    owner          = optional(object({ uid = optional(number, 1000), gid = optional(number, 1000) }), {})
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["generalPurpose", "maxIO"], var.file_system.performance_mode)
    error_message = "Write performance_mode = \"generalPurpose\" or \"maxIO\"."
  }

  validation {
    condition = contains(
      ["bursting", "provisioned", "elastic"], var.file_system.throughput_mode
    )
    error_message = "Write throughput_mode = \"elastic\", \"bursting\" or \"provisioned\"."
  }

  # https://docs.aws.amazon.com/efs/latest/ug/performance.html#performancemodes
  validation {
    condition = (
      var.file_system.performance_mode == "generalPurpose" ||
      var.file_system.throughput_mode != "elastic"
    )
    error_message = "Write throughput_mode = \"bursting\" or \"provisioned\": Max I/O has no elastic throughput."
  }

  validation {
    condition = (
      (var.file_system.throughput_mode == "provisioned") ==
      (var.file_system.provisioned_mibps != null)
    )
    error_message = "Write provisioned_mibps with throughput_mode = \"provisioned\", and only then."
  }

  validation {
    condition = var.file_system.provisioned_mibps == null ? true : (
      var.file_system.provisioned_mibps >= 1 && var.file_system.provisioned_mibps <= 3414
    )
    error_message = "Write provisioned_mibps from 1 to 3414 MiB/s."
  }

  # https://docs.aws.amazon.com/efs/latest/ug/storage-classes.html
  validation {
    condition = (
      var.file_system.lifecycle.to_archive == null || var.file_system.throughput_mode == "elastic"
    )
    error_message = "Leave to_archive out: EFS Archive is there with elastic throughput only."
  }

  validation {
    condition     = can(regex("^(/[A-Za-z0-9._-]+){1,4}$", var.file_system.root_directory))
    error_message = "Write root_directory as a path of one to four folders, such as /data."
  }
}

variable "list_parameter" {
  description = "Name of the SSM parameter with the list of mount targets."
  type        = string
  default     = "/app/efs/mount-targets"
  nullable    = false

  validation {
    condition     = can(regex("^/app/efs/[A-Za-z0-9._-]+$", var.list_parameter))
    error_message = "Write a name under /app/efs/, such as /app/efs/mount-targets."
  }
}

variable "counting" {
  description = <<-EOT
    What the controller counts: files under directory (a path below file_system.root_directory;
    all of it by default), by so many workers; over the threshold it adds a mount target.
  EOT
  type = object({
    directory = optional(string, "")
    threshold = optional(number, 100000)
    workers   = optional(number, 32)
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^([A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*)?$", var.counting.directory))
    error_message = "Write directory as a path without / at its ends, such as files/incoming."
  }

  validation {
    condition     = !contains(split("/", var.counting.directory), "..")
    error_message = "Write directory without ..: it is below file_system.root_directory."
  }

  validation {
    condition = (
      var.counting.threshold >= 1 && var.counting.threshold == floor(var.counting.threshold)
    )
    error_message = "Write threshold as a whole number of files, such as 100000."
  }

  validation {
    condition     = contains(range(1, 129), var.counting.workers)
    error_message = "Write workers, the directories read at a time, as a whole number from 1 to 128."
  }
}

variable "function" {
  description = "The controller's zip and layers, its memory and log level."
  type = object({
    code = object({
      zip          = string
      runtime      = optional(string)
      architecture = optional(string)
    })
    layers      = optional(map(string), {})
    memory_size = optional(number, 1024)
    log_level   = optional(string, "INFO")
  })
  nullable = false

  validation {
    condition     = var.function.memory_size >= 1024
    error_message = "Write memory_size = 1024 or more: with less, CPU limits how fast files are counted."
  }

  validation {
    condition     = contains(["DEBUG", "INFO", "WARNING", "ERROR"], var.function.log_level)
    error_message = "Write log_level = \"DEBUG\", \"INFO\", \"WARNING\" or \"ERROR\"."
  }
}

variable "launch_type" {
  description = <<-EOT
    EC2: each task mounts every target, and a path goes to one of them. FARGATE: each task has the
    one of its zone, and the controller adds the zone's subnet to the service.
  EOT
  type        = string
  default     = "EC2"
  nullable    = false

  validation {
    condition     = contains(["EC2", "FARGATE"], var.launch_type)
    error_message = "Write launch_type = \"EC2\" or \"FARGATE\"."
  }
}

variable "capacity" {
  description = <<-EOT
    The machines of launch type EC2: their type, their image by SSM parameter, how many. A task fills
    one of the default type, and a deployment starts each anew before the old one ends: with fewer
    than twice service.tasks.max it would wait for room for ever.
  EOT
  type = object({
    instance_type = optional(string, "m7g.large")
    ami_parameter = optional(string, "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id")
    machines      = optional(object({ min = optional(number, 2), max = optional(number, 12) }), {})
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.capacity.machines.min <= var.capacity.machines.max
    error_message = "Write machines.min no larger than machines.max."
  }
}

variable "service" {
  description = <<-EOT
    The application: its image in ECR (built upon scripts/efs_mounts), its command and settings, how
    ECS sees that it is healthy, how many tasks there are and what load adds one.
  EOT
  type = object({
    image        = string
    architecture = optional(string, "ARM64")
    command      = optional(list(string))
    environment  = optional(map(string), {})
    health_check = optional(list(string), ["CMD", "python", "-m", "efs_mounts.healthcheck"])
    tasks = optional(object({
      min            = optional(number, 2)
      max            = optional(number, 6)
      cpu_percent    = optional(number, 70)
      memory_percent = optional(number, 75)
    }), {})
    log_retention_days = optional(number, 7)
  })
  nullable = false

  validation {
    condition = can(regex(
      "^\\d{12}\\.dkr\\.ecr\\.[\\w-]+\\.amazonaws\\.com(\\.cn)?/[^:@\\s]+(:[\\w.-]+|@sha256:[0-9a-f]{64})$",
      var.service.image,
    ))
    error_message = "Write the image as 123456789012.dkr.ecr.<region>.amazonaws.com/<repository>:<tag> or …@sha256:…."
  }

  validation {
    condition     = contains(["ARM64", "X86_64"], var.service.architecture)
    error_message = "Write architecture = \"ARM64\" or \"X86_64\"."
  }

  validation {
    condition     = var.service.tasks.min <= var.service.tasks.max
    error_message = "Write tasks.min no larger than tasks.max."
  }
}

variable "alerts" {
  description = "E-mail addresses that are told of alarms. Each gets a mail to confirm first."
  type = object({
    emails = optional(set(string), [])
  })
  default  = {}
  nullable = false
}

variable "alarms" {
  description = "From what on a person is woken."
  type = object({
    error_rate_percent    = optional(number, 20)
    io_limit_percent      = optional(number, 80)
    missing_tasks_minutes = optional(number, 15)
  })
  default  = {}
  nullable = false
}

variable "enabled" {
  description = "False stops the controller: neither the clock nor a manual event starts it."
  type        = bool
  default     = true
  nullable    = false
}

variable "protected" {
  description = "Refuse every plan that would destroy the file system."
  type        = bool
  default     = true
  nullable    = false
}

variable "permissions_boundary" {
  description = "ARN of the policy that no role may exceed."
  type        = string
  default     = null
}

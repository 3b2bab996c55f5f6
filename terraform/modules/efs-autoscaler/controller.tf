locals {
  mount_path = "/mnt/efs"

  schedule = "rate(5 minutes)"

  arn = { for service in ["ec2", "ssm", "ecs"] :
    service => "arn:${local.partition}:${service}:${local.region}:${local.account}"
  }

  candidate_subnet_arns = length(var.network.candidate_subnet_ids) == 0 ? [
    "${local.arn.ec2}:subnet/*" # which subnets the VPC will have is known only when they are there
    ] : [
    for id in var.network.candidate_subnet_ids : "${local.arn.ec2}:subnet/${id}"
  ]
}

module "controller" {
  source = "../batch-scheduler"

  name        = var.name
  description = "Adds mount targets to a file system as the number of its files grows"
  job         = "efs-autoscaler"
  environment = var.environment
  schedules   = [local.schedule]
  enabled     = var.enabled
  alerts      = var.alerts

  function = {
    code                  = merge(var.function.code, { handler = "efs_autoscaler.handlers.run" })
    layers                = var.function.layers
    memory_size           = var.function.memory_size
    timeout               = 300
    reserved_concurrency  = 1 # two at a time would create and deploy twice
    environment_variables = local.settings

    file_system = {
      access_point_arn = aws_efs_access_point.this["controller"].arn
      file_system_arn  = aws_efs_file_system.this.arn
      mount_path       = local.mount_path
    }
  }

  network = {
    vpc_id             = var.network.vpc_id
    private_subnet_ids = var.network.private_subnet_ids
  }

  access = {
    statements = local.rights
    boundary   = var.permissions_boundary
  }

  alarms = {
    duration_seconds = 240 # a minute before Lambda stops the run
    no_run_hours     = 1   # of twelve runs none
  }
}

locals {
  rights = {
    SeeFileSystem = {
      actions   = ["elasticfilesystem:DescribeFileSystems", "elasticfilesystem:DescribeMountTargets"]
      resources = [aws_efs_file_system.this.arn]
    }
    CreateMountTargets = {
      actions   = ["elasticfilesystem:CreateMountTarget"]
      resources = [aws_efs_file_system.this.arn]
    }
    KeepList = {
      actions   = ["ssm:GetParameter", "ssm:PutParameter"]
      resources = ["${local.arn.ssm}:parameter${var.list_parameter}"]
    }
    # No iam:PassRole: the task definition stays the one it is.
    Redeploy = {
      actions   = ["ecs:DescribeServices", "ecs:UpdateService"]
      resources = ["${local.arn.ecs}:service/${var.name}/${var.name}"]
    }
    FindSubnets = {
      actions   = ["ec2:DescribeSubnets"]
      resources = ["*"] # ec2:Describe… has no resources that a policy could name
    }
    # No call of the controller's code shows the next two. CreateMountTarget makes the target's
    # network interface in its caller's name and looks it up again
    # (https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html). That a function in a
    # VPC needs the same actions, and DeleteNetworkInterface besides, is the module function's
    # statement AttachToVpc.
    FindInterfaces = {
      actions   = ["ec2:DescribeNetworkInterfaces"]
      resources = ["*"]
    }
    CreateInterfaces = {
      actions = ["ec2:CreateNetworkInterface"]
      resources = concat(
        local.candidate_subnet_arns,
        [
          "${local.arn.ec2}:network-interface/*", # has no id yet
          "${local.arn.ec2}:security-group/${aws_security_group.mount_targets.id}",
        ],
      )
    }
  }

  settings = {
    ENVIRONMENT          = var.environment
    LOG_LEVEL            = var.function.log_level
    EFS_FILE_SYSTEM_ID   = aws_efs_file_system.this.id
    TARGET_DIRECTORY     = join("/", compact([local.mount_path, var.counting.directory]))
    FILE_COUNT_THRESHOLD = tostring(var.counting.threshold)
    COUNT_WORKERS        = tostring(var.counting.workers)
    SSM_PARAMETER_NAME   = var.list_parameter
    LAUNCH_TYPE          = var.launch_type
    ECS_CLUSTER_NAME     = var.name
    ECS_SERVICE_NAME     = var.name
    VPC_ID               = var.network.vpc_id
    SUBNET_IDS           = join(",", var.network.candidate_subnet_ids)
    SECURITY_GROUP_ID    = aws_security_group.mount_targets.id
  }
}

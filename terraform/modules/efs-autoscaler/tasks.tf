# On EC2 the entry point mounts every target of the list by its address. On Fargate no container
# may mount, so ECS mounts the file system, by the target of the task's own zone.
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KernelCapabilities.html

locals {
  mount_root = "/mnt"
  volume     = "efs"

  container = {
    name      = "app"
    image     = var.service.image
    essential = true
    command   = var.service.command
    user      = var.launch_type == "EC2" ? "0" : null # mount(2) asks for root

    environment = [
      for name, value in merge(local.container_settings, var.service.environment) :
      { name = name, value = value }
    ]

    linuxParameters = var.launch_type == "EC2" ? { capabilities = { add = ["SYS_ADMIN"] } } : null

    mountPoints = [
      for service in local.fargate : {
        sourceVolume  = local.volume
        containerPath = "${local.mount_root}/efs-0"
        readOnly      = false
      }
    ]

    # ECS reads no HEALTHCHECK of an image.
    healthCheck = {
      command     = var.service.health_check
      interval    = 30
      timeout     = 10
      retries     = 3
      startPeriod = 60
    }

    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.tasks.name
        awslogs-region        = local.region
        awslogs-stream-prefix = "app"
      }
    }
  }

  container_settings = {
    AWS_REGION          = local.region
    EFS_FILE_SYSTEM_ID  = aws_efs_file_system.this.id
    EFS_ACCESS_POINT_ID = aws_efs_access_point.this["tasks"].id
    EFS_MOUNT_ROOT      = local.mount_root
    EFS_DEFAULT_TARGETS = jsonencode(local.initial_mount_targets)
    SSM_PARAMETER_NAME  = aws_ssm_parameter.mount_list.name
    LAUNCH_TYPE         = var.launch_type
  }
}

resource "aws_ecs_task_definition" "this" {
  #checkov:skip=CKV_AWS_336:The entry point makes folders to mount on, and TLS keeps its state in /run
  family                   = var.name
  requires_compatibilities = [var.launch_type]
  network_mode             = "awsvpc"
  cpu                      = 2048
  memory                   = 4096
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn

  container_definitions = jsonencode([
    { for key, value in local.container : key => value if value != null },
  ])

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.service.architecture
  }

  dynamic "volume" {
    for_each = local.fargate

    content {
      name = local.volume

      efs_volume_configuration {
        file_system_id     = aws_efs_file_system.this.id
        transit_encryption = "ENABLED"

        authorization_config {
          access_point_id = aws_efs_access_point.this["tasks"].id
          iam             = "ENABLED"
        }
      }
    }
  }
}

resource "aws_cloudwatch_log_group" "tasks" {
  #checkov:skip=CKV_AWS_158:Secrets are no part of these lines: AWS's own key is enough
  #checkov:skip=CKV_AWS_338:A week is what the operators agreed on; longer is one variable away
  name              = "/aws/ecs/${var.name}"
  retention_in_days = var.service.log_retention_days
}

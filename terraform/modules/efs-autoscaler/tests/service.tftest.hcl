mock_provider "aws" {
  source = "../../mocks"

  override_data {
    target = data.aws_subnet.initial["c"]
    values = { availability_zone = "ap-northeast-1c" }
  }
}

run "on_ec2_a_task_mounts_every_target_itself" {
  assert {
    condition = (
      [aws_ecs_task_definition.this.cpu, aws_ecs_task_definition.this.memory] == ["2048", "4096"] &&
      aws_ecs_task_definition.this.requires_compatibilities == toset(["EC2"]) &&
      aws_ecs_task_definition.this.network_mode == "awsvpc"
    )
    error_message = "A task has 2 vCPU, 4 GB and an address of its own."
  }

  assert {
    condition = (
      one(jsondecode(aws_ecs_task_definition.this.container_definitions)).linuxParameters ==
      { capabilities = { add = ["SYS_ADMIN"] } } &&
      one(jsondecode(aws_ecs_task_definition.this.container_definitions)).user == "0" &&
      one(jsondecode(aws_ecs_task_definition.this.container_definitions)).mountPoints == [] &&
      length(aws_ecs_task_definition.this.volume) == 0
    )
    error_message = "Its container may mount, and nothing is mounted for it."
  }

  assert {
    condition = (
      one(aws_ecs_service.this.capacity_provider_strategy).capacity_provider == "efs-autoscaler-machines" &&
      one(aws_ecs_service.this.deployment_circuit_breaker).rollback
    )
    error_message = "It runs on the machines of the cluster; a deployment that fails is rolled back."
  }

  assert {
    condition = (
      one(one(aws_launch_template.machines).metadata_options).http_tokens == "required" &&
      one(one(one(aws_launch_template.machines).block_device_mappings).ebs).encrypted == "true" &&
      one(aws_autoscaling_group.machines).protect_from_scale_in
    )
    error_message = "Machines are encrypted, tell their keys to no one, and go only when ECS says so."
  }

  assert {
    condition     = one(aws_autoscaling_group.machines).max_size >= 2 * aws_appautoscaling_target.tasks.max_capacity
    error_message = "However many tasks there are, a deployment finds room for the new beside the old."
  }
}

run "on_fargate_ecs_mounts_one_target_for_it" {
  variables {
    launch_type = "FARGATE"
  }

  assert {
    condition = (
      !can(one(jsondecode(aws_ecs_task_definition.this.container_definitions)).linuxParameters) &&
      one(jsondecode(aws_ecs_task_definition.this.container_definitions)).mountPoints ==
      [{ sourceVolume = "efs", containerPath = "/mnt/efs-0", readOnly = false }]
    )
    error_message = "Its container asks for no capability: Fargate gives none."
  }

  assert {
    condition = jsonencode([
      for volume in aws_ecs_task_definition.this.volume : [
        for efs in volume.efs_volume_configuration :
        [efs.transit_encryption, one(efs.authorization_config).iam]
      ]
    ]) == jsonencode([[["ENABLED", "ENABLED"]]])
    error_message = "ECS mounts over TLS, as the task's role."
  }

  assert {
    condition = (
      aws_ecs_service.this.launch_type == "FARGATE" &&
      !one(aws_ecs_service.this.deployment_circuit_breaker).rollback
    )
    error_message = "A deployment that fails doesn't take the controller's subnet away again."
  }

  assert {
    condition = 0 == sum([
      length(aws_launch_template.machines), length(aws_autoscaling_group.machines),
      length(aws_ecs_capacity_provider.this), length(aws_iam_role.machines),
    ])
    error_message = "There are no machines."
  }
}

run "what_a_container_is_told" {
  variables {
    service = {
      image       = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/team/app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
      environment = { GREETING = "hello" }
      command     = ["serve"]
      tasks       = { min = 3, max = 9 }
    }
  }

  assert {
    condition = [
      for setting in one(jsondecode(aws_ecs_task_definition.this.container_definitions)).environment :
      setting.name
      ] == [
      "AWS_REGION", "EFS_ACCESS_POINT_ID", "EFS_DEFAULT_TARGETS", "EFS_FILE_SYSTEM_ID",
      "EFS_MOUNT_ROOT", "GREETING", "LAUNCH_TYPE", "SSM_PARAMETER_NAME",
    ]
    error_message = "It finds the list, a default for it, and the application's settings."
  }

  assert {
    condition = (
      aws_appautoscaling_target.tasks.min_capacity == 3 &&
      aws_appautoscaling_target.tasks.max_capacity == 9 &&
      keys(aws_appautoscaling_policy.tasks) == ["cpu", "memory"]
    )
    error_message = "Load adds tasks between the two numbers."
  }

  assert {
    condition = {
      for statement in jsondecode(aws_iam_role_policy.execution.policy).Statement :
      statement.Sid => statement.Resource
      }.FetchImage == [
      "arn:aws:ecr:ap-northeast-1:123456789012:repository/team/app"
    ]
    error_message = "ECS fetches that image and no other."
  }

  assert {
    condition = {
      for statement in jsondecode(aws_iam_role_policy.task.policy).Statement :
      statement.Sid => statement.Action
      } == {
      UseFileSystem = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
      ReadList      = ["ssm:GetParameter"]
    }
    error_message = "The container mounts and reads the list, and does nothing else in AWS."
  }
}

resource "aws_ecs_cluster" "this" {
  name = var.name

  # Running and wanted tasks are metrics of Container Insights alone; an alarm needs them.
  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_service" "this" {
  name            = var.name
  cluster         = aws_ecs_cluster.this.id
  task_definition = aws_ecs_task_definition.this.arn
  desired_count   = var.service.tasks.min
  propagate_tags  = "SERVICE"

  # Where there is a capacity provider, it decides; a launch type would get around it.
  launch_type = var.launch_type == "FARGATE" ? "FARGATE" : null

  dynamic "capacity_provider_strategy" {
    for_each = aws_ecs_capacity_provider.this

    content {
      capacity_provider = capacity_provider_strategy.value.name
      weight            = 1
    }
  }

  network_configuration {
    subnets         = var.network.private_subnet_ids
    security_groups = [aws_security_group.tasks.id]
  }

  # On Fargate a rollback would take the new zone's subnet away again, and the controller would
  # bring it back, every five minutes. A deployment that fails leaves the tasks that were there.
  deployment_circuit_breaker {
    enable   = true
    rollback = var.launch_type == "EC2"
  }

  lifecycle {
    # Of autoscaling, and on Fargate of the controller.
    ignore_changes = [desired_count, network_configuration[0].subnets]
  }

  # A task that starts earlier finds no mount target, no list, no right to either, or no machine.
  depends_on = [
    aws_ecs_cluster_capacity_providers.this,
    aws_efs_mount_target.initial,
    aws_iam_role_policy.task,
    aws_iam_role_policy.execution,
    aws_ssm_parameter.mount_list,
  ]
}

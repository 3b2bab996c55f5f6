resource "aws_appautoscaling_target" "tasks" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${aws_ecs_cluster.this.name}/${aws_ecs_service.this.name}"
  min_capacity       = var.service.tasks.min
  max_capacity       = var.service.tasks.max
}

locals {
  load = {
    cpu    = { metric = "ECSServiceAverageCPUUtilization", percent = var.service.tasks.cpu_percent }
    memory = { metric = "ECSServiceAverageMemoryUtilization", percent = var.service.tasks.memory_percent }
  }
}

resource "aws_appautoscaling_policy" "tasks" {
  for_each = local.load

  name               = "${var.name}-${each.key}"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.tasks.service_namespace
  scalable_dimension = aws_appautoscaling_target.tasks.scalable_dimension
  resource_id        = aws_appautoscaling_target.tasks.resource_id

  target_tracking_scaling_policy_configuration {
    target_value = each.value.percent

    predefined_metric_specification {
      predefined_metric_type = each.value.metric
    }
  }
}

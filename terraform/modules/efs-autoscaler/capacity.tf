# Machines for launch type EC2. ECS says how many; they hold nothing, so any of them may go.

resource "aws_launch_template" "machines" {
  count = length(local.ec2)

  name                   = "${var.name}-machines"
  description            = "Machines of the ECS cluster ${var.name}"
  image_id               = "resolve:ssm:${local.ec2[count.index].ami_parameter}" # the newest, at each start
  instance_type          = local.ec2[count.index].instance_type
  vpc_security_group_ids = [one(aws_security_group.machines[*].id)]
  update_default_version = true

  user_data = base64encode(<<-EOT
    #!/bin/bash
    cat >> /etc/ecs/ecs.config <<CONFIG
    ECS_CLUSTER=${var.name}
    ECS_AWSVPC_BLOCK_IMDS=true
    CONFIG
  EOT
  )

  iam_instance_profile {
    arn = one(aws_iam_instance_profile.machines[*].arn)
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_type = "gp3"
      volume_size = 30
      encrypted   = true

      delete_on_termination = true
    }
  }

  tag_specifications {
    resource_type = "instance"
    tags          = { Name = "${var.name}-machine" }
  }
}

resource "aws_autoscaling_group" "machines" {
  count = length(local.ec2)

  name                      = "${var.name}-machines"
  min_size                  = local.ec2[count.index].machines.min
  max_size                  = local.ec2[count.index].machines.max
  vpc_zone_identifier       = var.network.private_subnet_ids
  protect_from_scale_in     = true # ECS ends a machine once its tasks have gone
  force_delete              = true
  wait_for_capacity_timeout = "0"

  launch_template {
    id      = aws_launch_template.machines[count.index].id
    version = aws_launch_template.machines[count.index].latest_version
  }

  # ECS adds it by itself; left out here, each plan would take it away.
  tag {
    key                 = "AmazonECSManaged"
    value               = ""
    propagate_at_launch = true
  }

  lifecycle {
    ignore_changes = [desired_capacity] # of the capacity provider
  }
}

resource "aws_ecs_capacity_provider" "this" {
  count = length(local.ec2)

  name = "${var.name}-machines"

  auto_scaling_group_provider {
    auto_scaling_group_arn         = aws_autoscaling_group.machines[count.index].arn
    managed_termination_protection = "ENABLED"

    managed_scaling {
      status          = "ENABLED"
      target_capacity = 100
    }
  }
}

resource "aws_ecs_cluster_capacity_providers" "this" {
  count = length(local.ec2)

  cluster_name       = aws_ecs_cluster.this.name
  capacity_providers = aws_ecs_capacity_provider.this[*].name
}

resource "aws_security_group" "machines" {
  count = length(local.ec2)

  name        = "${var.name}-machines"
  description = "Machines of the ECS cluster ${var.name}; their tasks have a group of their own"
  vpc_id      = var.network.vpc_id

  tags = { Name = "${var.name}-machines" }
}

resource "aws_vpc_security_group_egress_rule" "machines" {
  count = length(local.ec2)

  security_group_id = aws_security_group.machines[count.index].id
  description       = "ECS and its registry, through the NAT gateway or endpoints"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_iam_role" "machines" {
  count = length(local.ec2)

  name                 = "${var.name}-machines"
  description          = "What machines of the ECS cluster ${var.name} may do"
  permissions_boundary = var.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}

# What the ECS agent does: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html
# Images are fetched, and logs written, by the tasks' execution role.
resource "aws_iam_role_policy" "machines" {
  count = length(local.ec2)

  name = "given-access"
  role = aws_iam_role.machines[count.index].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "JoinCluster"
        Effect = "Allow"
        Action = [
          "ecs:DeregisterContainerInstance", "ecs:RegisterContainerInstance",
          "ecs:SubmitAttachmentStateChanges", "ecs:SubmitContainerStateChange",
          "ecs:SubmitTaskStateChange",
        ]
        Resource = [aws_ecs_cluster.this.arn, "${local.arn.ecs}:container-instance/${var.name}/*"]
      },
      {
        Sid    = "TakeTasks"
        Effect = "Allow"
        Action = [
          "ecs:Poll", "ecs:StartTelemetrySession", "ecs:UpdateContainerInstancesState",
        ]
        Resource = ["${local.arn.ecs}:container-instance/${var.name}/*"]
      },
      {
        Sid      = "FindEndpoint"
        Effect   = "Allow"
        Action   = ["ecs:DiscoverPollEndpoint"]
        Resource = ["*"] # comes before the machine is anything ECS could name
      },
    ]
  })
}

resource "aws_iam_instance_profile" "machines" {
  count = length(local.ec2)

  name = "${var.name}-machines"
  role = aws_iam_role.machines[count.index].name
}

locals {
  # 123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/repository:tag, as var.service demands it.
  image = regex(
    "^(?P<account>\\d{12})\\.dkr\\.ecr\\.(?P<region>[\\w-]+)\\.amazonaws\\.com(?:\\.cn)?/(?P<repository>[^:@]+)",
    var.service.image,
  )
  repository_arn = join(":", [
    "arn", local.partition, "ecr", local.image.region, local.image.account,
    "repository/${local.image.repository}",
  ])

  trust_tasks = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      # Nobody else's tasks: the confused deputy of AWS's own example.
      Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
    }]
  })
}

# What the containers themselves may do.
resource "aws_iam_role" "task" {
  name                 = "${var.name}-task"
  description          = "What containers of the ECS service ${var.name} may do"
  assume_role_policy   = local.trust_tasks
  permissions_boundary = var.permissions_boundary
}

resource "aws_iam_role_policy" "task" {
  name = "given-access"
  role = aws_iam_role.task.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "UseFileSystem"
        Effect   = "Allow"
        Action   = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
        Resource = [aws_efs_file_system.this.arn]
        Condition = {
          StringEquals = {
            "elasticfilesystem:AccessPointArn" = [aws_efs_access_point.this["tasks"].arn]
          }
        }
      },
      {
        Sid      = "ReadList"
        Effect   = "Allow"
        Action   = ["ssm:GetParameter"]
        Resource = [aws_ssm_parameter.mount_list.arn]
      },
    ]
  })
}

# What ECS does before a container runs: fetch its image, write its log.
resource "aws_iam_role" "execution" {
  name                 = "${var.name}-execution"
  description          = "What ECS does to start tasks of ${var.name}"
  assume_role_policy   = local.trust_tasks
  permissions_boundary = var.permissions_boundary
}

resource "aws_iam_role_policy" "execution" {
  name = "given-access"
  role = aws_iam_role.execution.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "LogInToRegistry"
        Effect   = "Allow"
        Action   = ["ecr:GetAuthorizationToken"]
        Resource = ["*"] # a login is to the registry: AWS knows no resource for it
      },
      {
        Sid    = "FetchImage"
        Effect = "Allow"
        Action = [
          "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer",
        ]
        Resource = [local.repository_arn]
      },
      {
        Sid      = "WriteTaskLogs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.tasks.arn}:*"]
      },
    ]
  })
}

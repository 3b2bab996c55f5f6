resource "aws_iam_role" "plan" {
  name        = "${local.own}-plan"
  description = "GitHub Actions plans ${var.environment} as this role: it reads"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = var.github.provider_arn }
      Condition = {
        StringEquals = {
          "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
          "token.actions.githubusercontent.com:sub" = join(":", [
            var.github.subject_prefix, "environment", "${var.environment}-plan",
          ])
        }
      }
    }]
  })
}

resource "aws_iam_role_policy" "plan" {
  name   = "environment"
  role   = aws_iam_role.plan.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.shared.plan })
}

resource "aws_iam_policy" "plan" {
  for_each = local.attached

  name        = "${local.own}-plan-${each.key}"
  description = "What a plan of ${var.environment} needs: ${each.key}"
  policy      = jsonencode({ Version = "2012-10-17", Statement = each.value.plan })
}

resource "aws_iam_role_policy_attachment" "plan" {
  for_each = aws_iam_policy.plan

  role       = aws_iam_role.plan.name
  policy_arn = each.value.arn
}

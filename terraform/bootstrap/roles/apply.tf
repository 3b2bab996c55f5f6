resource "aws_iam_role" "apply" {
  name        = "${local.own}-apply"
  description = "GitHub Actions applies ${var.environment} as this role, once approved"

  # The subject names the GitHub environment, where approval is asked for; GitHub leaves the
  # branch out of it then, so the branch is a condition of its own.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = var.github.provider_arn }
      Condition = {
        StringEquals = {
          "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
          "token.actions.githubusercontent.com:ref" = "refs/heads/main"
          "token.actions.githubusercontent.com:sub" = (
            "${var.github.subject_prefix}:environment:${var.environment}"
          )
        }
      }
    }]
  })
}

resource "aws_iam_role_policy" "apply" {
  name   = "environment"
  role   = aws_iam_role.apply.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.shared.apply })
}

resource "aws_iam_policy" "apply" {
  for_each = local.attached

  name        = "${local.own}-apply-${each.key}"
  description = "What an apply of ${var.environment} needs: ${each.key}"
  policy      = jsonencode({ Version = "2012-10-17", Statement = each.value.apply })
}

resource "aws_iam_role_policy_attachment" "apply" {
  for_each = aws_iam_policy.apply

  role       = aws_iam_role.apply.name
  policy_arn = each.value.arn
}

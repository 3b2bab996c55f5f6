locals {
  role_arns = [for name in local.names : "arn:aws:iam::${local.account}:role/${name}"]

  roles = {
    plan = [{
      Sid    = "ReadRoles"
      Effect = "Allow"
      Action = [
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListRolePolicies",
      ]
      Resource = local.role_arns
    }]

    apply = [
      {
        # What could make a role stronger works on roles within the boundary only.
        Sid    = "MakeRolesWithinBoundary"
        Effect = "Allow"
        Action = [
          "iam:CreateRole",
          "iam:DeleteRolePolicy",
          "iam:PutRolePermissionsBoundary",
          "iam:PutRolePolicy",
        ]
        Resource  = local.role_arns
        Condition = { StringEquals = { "iam:PermissionsBoundary" = aws_iam_policy.boundary.arn } }
      },
      {
        Sid    = "ManageRoles"
        Effect = "Allow"
        Action = [
          "iam:DeleteRole",
          "iam:ListInstanceProfilesForRole",
          "iam:TagRole",
          "iam:UntagRole",
          "iam:UpdateAssumeRolePolicy",
          "iam:UpdateRoleDescription",
        ]
        Resource = local.role_arns
      },
      {
        Sid       = "GiveRolesToFunctions"
        Effect    = "Allow"
        Action    = "iam:PassRole"
        Resource  = local.role_arns
        Condition = { StringEquals = { "iam:PassedToService" = "lambda.amazonaws.com" } }
      },
    ]
  }
}

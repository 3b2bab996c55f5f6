locals {
  role_arns = [for name in var.names : "arn:aws:iam::${var.account}:role/${name}"]

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
        Condition = { StringEquals = { "iam:PermissionsBoundary" = var.boundary } }
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
    ]
  }
}

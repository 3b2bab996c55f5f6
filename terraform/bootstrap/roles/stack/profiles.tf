# By its profile a machine has a role.
locals {
  profile_arns = [
    for name in var.names : "arn:aws:iam::${var.account}:instance-profile/${name}"
  ]

  profiles = {
    plan = [{
      Sid      = "ReadProfiles"
      Effect   = "Allow"
      Action   = "iam:GetInstanceProfile"
      Resource = local.profile_arns
    }]

    apply = [{
      Sid    = "ManageProfiles"
      Effect = "Allow"
      Action = [
        "iam:AddRoleToInstanceProfile",
        "iam:CreateInstanceProfile",
        "iam:DeleteInstanceProfile",
        "iam:RemoveRoleFromInstanceProfile",
        "iam:TagInstanceProfile",
        "iam:UntagInstanceProfile",
      ]
      Resource = local.profile_arns
    }]
  }
}

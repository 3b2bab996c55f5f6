# Said twice on purpose: nothing above allows this, and nobody can allow it by mistake later.
locals {
  other_states = [
    for name in setsubtract(["bootstrap", "dev", "prd"], [var.environment]) :
    "${local.state_bucket}/${name}/*"
  ]

  guard = {
    plan = [
      {
        Sid    = "NoSecrets"
        Effect = "Deny"
        Action = [
          "secretsmanager:BatchGetSecretValue",
          "secretsmanager:GetSecretValue",
          "ssm:GetParameter",
          "ssm:GetParameters",
          "ssm:GetParametersByPath",
        ]
        Resource = "*"
      },
      {
        Sid      = "NoOtherState"
        Effect   = "Deny"
        Action   = "s3:*"
        Resource = local.other_states
      },
    ]

    apply = [{
      Sid    = "NotOneself"
      Effect = "Deny"
      Action = "iam:*"
      Resource = [
        "arn:aws:iam::${local.account}:oidc-provider/*",
        "arn:aws:iam::${local.account}:policy/batchworks-*",
        "arn:aws:iam::${local.account}:role/batchworks-*",
      ]
    }]
  }
}

# Said twice on purpose: nothing above allows this, and nobody can allow it by mistake later.
locals {
  other_states = [
    for name in setsubtract(["bootstrap", "dev", "prd"], [var.environment]) :
    "${local.state_bucket}/${name}/*"
  ]

  guard = {
    plan = [
      merge(
        {
          Sid    = "NoSecrets"
          Effect = "Deny"
          Action = [
            "secretsmanager:BatchGetSecretValue",
            "secretsmanager:GetSecretValue",
            "ssm:GetParametersByPath",
          ]
        },
        [
          { Resource = "*" },
          # DataSync has to be told the NAS's password, and has no way to be told where it is.
          { NotResource = "arn:aws:secretsmanager:${var.region}:${local.account}:secret:CIS-NAS-*" },
        ][contains(var.systems, "nas-sync") ? 1 : 0],
      ),
      {
        # What AWS tells everybody, and what hosts are told by us: names, never secrets.
        Sid    = "NoOtherParameters"
        Effect = "Deny"
        Action = ["ssm:GetParameter", "ssm:GetParameters"]
        NotResource = [
          "arn:aws:ssm:${var.region}::parameter/aws/service/*",
          "arn:aws:ssm:${var.region}:${local.account}:parameter/app/efs/*",
          "arn:aws:ssm:${var.region}:${local.account}:parameter/batchworks/*",
          "arn:aws:ssm:${var.region}:${local.account}:parameter/cis-filesearch/*",
        ]
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
